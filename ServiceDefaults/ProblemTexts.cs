using Microsoft.AspNetCore.WebUtilities;

namespace TshErp.ServiceDefaults;

/// <summary>The texts of refusals that no handler words itself: what the framework answers with a bare status.</summary>
internal static class ProblemTexts
{
    internal readonly record struct Text(string English, string Arabic);

    internal readonly record struct Bare(string Code, Text Detail);

    internal static Text TitleOf(int status) => status switch
    {
        400 => new("Bad request", "طلب غير صالح"),
        401 => new("Not signed in", "لم يتم تسجيل الدخول"),
        403 => new("Not allowed", "غير مسموح"),
        404 => new("Not found", "غير موجود"),
        405 => new("Method not allowed", "طريقة الطلب غير مسموحة"),
        406 => new("Not acceptable", "صيغة غير مقبولة"),
        408 => new("Request timeout", "انتهت مهلة الطلب"),
        409 => new("Conflict", "تعارض"),
        412 => new("Precondition failed", "فشل الشرط المسبق"),
        413 => new("Too large", "حجم الطلب كبير جدا"),
        415 => new("Unsupported media type", "نوع محتوى غير مدعوم"),
        422 => new("Rule broken", "تم خرق قاعدة"),
        428 => new("Precondition required", "الشرط المسبق مطلوب"),
        429 => new("Too many requests", "طلبات كثيرة جدا"),
        431 => new("Headers too large", "ترويسات الطلب كبيرة جدا"),
        500 => new("Internal error", "خطأ داخلي"),
        502 => new("External service failed", "فشلت خدمة خارجية"),
        503 => new("Service unavailable", "الخدمة غير متاحة"),
        504 => new("External service timeout", "انتهت مهلة خدمة خارجية"),
        _ => new(ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Refused", "تم رفض الطلب"),
    };

    internal static Bare Of(int status) => status switch
    {
        400 => new("VALIDATION_ERROR", new("The request could not be read.", "تعذرت قراءة الطلب.")),
        401 => new("UNAUTHORIZED", new("Sign in and try again.", "سجّل الدخول ثم حاول مرة أخرى.")),
        403 => new("FORBIDDEN", new("You do not have permission to do this.", "ليست لديك صلاحية للقيام بذلك.")),
        404 => new("NOT_FOUND", new("There is nothing here, or it is not yours.", "لا يوجد شيء هنا، أو أنه لا يخصك.")),
        405 => new("METHOD_NOT_ALLOWED", new("This address does not answer to this method.", "هذا العنوان لا يقبل طريقة الطلب هذه.")),
        406 => new("NOT_ACCEPTABLE", new("This address cannot answer in the format asked for.", "لا يمكن الرد بالصيغة المطلوبة.")),
        408 => new("REQUEST_TIMEOUT", new("The request took too long to arrive.", "استغرق وصول الطلب وقتا طويلا.")),
        409 => new("CONFLICT", new("The request conflicts with the present state.", "يتعارض الطلب مع الحالة الحالية.")),
        412 => new("PRECONDITION_FAILED", new("It has changed since you read it. Read it again.", "لقد تغيّر منذ قراءته. اقرأه مرة أخرى.")),
        413 => new("PAYLOAD_TOO_LARGE", new("The request body is too large.", "محتوى الطلب كبير جدا.")),
        415 => new("UNSUPPORTED_MEDIA_TYPE", new("This content type is not accepted here.", "نوع المحتوى هذا غير مقبول هنا.")),
        422 => new("BUSINESS_RULE", new("The request breaks a rule.", "الطلب يخالف إحدى القواعد.")),
        428 => new("PRECONDITION_REQUIRED", new("Send If-Match with the version you read.", "أرسل If-Match مع النسخة التي قرأتها.")),
        429 => new("RATE_LIMIT_EXCEEDED", new("Too many requests. Wait and try again.", "طلبات كثيرة جدا. انتظر ثم حاول مرة أخرى.")),
        431 => new("HEADERS_TOO_LARGE", new("The request headers are too large.", "ترويسات الطلب كبيرة جدا.")),
        502 => new("EXTERNAL_SERVICE_ERROR", new("A service we depend on failed. Try again.", "فشلت خدمة نعتمد عليها. حاول مرة أخرى.")),
        503 => new("SERVICE_UNAVAILABLE", new("Not available at the moment. Try again shortly.", "غير متاح حاليا. حاول مرة أخرى بعد قليل.")),
        504 => new("EXTERNAL_SERVICE_ERROR", new("A service we depend on did not answer in time.", "لم تستجب خدمة نعتمد عليها في الوقت المناسب.")),
        >= 500 => new("INTERNAL_ERROR", new("Something went wrong on our side. It has been recorded.", "حدث خطأ من جانبنا. تم تسجيله.")),
        _ => new("REQUEST_REFUSED", new("The request was refused.", "تم رفض الطلب.")),
    };
}
