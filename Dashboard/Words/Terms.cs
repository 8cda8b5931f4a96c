using System.Reflection;

namespace TshErp.Dashboard.Words;

/// <summary>Every text of the Dashboard, in both languages, in one place.</summary>
public static class Terms
{
    public static readonly Text Product = new("TSH ERP", "نظام TSH");
    public static readonly Text ProductTagline = new("Operations", "لوحة العمليات");
    public static readonly Text SkipToContent = new("Skip to content", "انتقل إلى المحتوى");
    public static readonly Text Navigation = new("Main navigation", "التنقل الرئيسي");
    public static readonly Text Overview = new("Overview", "نظرة عامة");
    public static readonly Text OverviewLead = new("Zoho to the phone: what arrives, what waits, what failed.", "من Zoho إلى الهاتف: ما يصل وما ينتظر وما فشل.");
    public static readonly Text Traces = new("Traces and logs", "التتبع والسجلات");
    public static readonly Text Language = new("Language", "اللغة");
    public static readonly Text OtherLanguage = new("العربية", "English");
    public static readonly Text Theme = new("Colours", "الألوان");
    public static readonly Text Light = new("Light", "فاتح");
    public static readonly Text Dark = new("Dark", "داكن");
    public static readonly Text System = new("As the system", "حسب النظام");
    public static readonly Text Development = new("Development", "بيئة التطوير");

    public static readonly Text Pause = new("Pause", "إيقاف مؤقت");
    public static readonly Text Resume = new("Resume", "استئناف");
    public static readonly Text AsOf = new("As of", "حتى");
    public static readonly Text StaleSince = new("The last refresh failed. The figures are from", "تعذّر آخر تحديث. الأرقام من الساعة");
    public static readonly Text Retrying = new("Trying again…", "تُعاد المحاولة…");
    public static readonly Text Paused = new("Paused: the figures do not change.", "متوقف مؤقتًا: الأرقام لا تتغيّر.");
    public static readonly Text Loading = new("Reading the figures…", "تُقرأ الأرقام…");
    public static readonly Text RowsHeld = new("Rows stand still while you point at them", "الصفوف ثابتة ما دام المؤشر فوقها");

    public static readonly Text QueueDepth = new("Queue depth", "عمق الطابور");
    public static readonly Text Oldest = new("oldest {0}", "الأقدم {0}");
    public static readonly Text NothingWaits = new("nothing waits", "لا شيء ينتظر");
    public static readonly Text DrainsIn = new("drains in {0}", "يفرغ خلال {0}");
    public static readonly Text DrainUnknown = new("drain time unknown", "زمن التفريغ غير معروف");
    public static readonly Text PerMinute = new("Completed / min", "المكتمل / دقيقة");
    public static readonly Text ReceivedPerMinute = new("{0} received / min", "{0} مستلَم / دقيقة");
    public static readonly Text Latency = new("p50 {0} · p95 {1}", "الوسيط {0}، ‏95٪ ضمن {1}");
    public static readonly Text Failures = new("Dead letters", "الرسائل الميتة");
    public static readonly Text FailedPerMinute = new("{0} failed / min", "{0} فاشل / دقيقة");
    public static readonly Text WaitRetry = new("{0} wait for a retry", "{0} بانتظار إعادة المحاولة");
    public static readonly Text Products = new("Active products", "المنتجات النشطة");
    public static readonly Text OfTotal = new("of {0} in total", "من أصل {0}");
    public static readonly Text LastChanged = new("changed {0}", "آخر تغيير {0}");
    public static readonly Text Workers = new("Active workers", "العاملون النشطون");
    public static readonly Text Processed = new("{0} processed, {1} failed", "عولج {0}، فشل {1}");
    public static readonly Text NoWorker = new("no worker reports", "لا عامل يستجيب");
    public static readonly Text Unknown = new("unknown", "غير معروف");

    public static readonly Text Throughput = new("Throughput", "معدل المعالجة");
    public static readonly Text ThroughputSpan = new("items per minute, last 30 minutes", "عنصر في الدقيقة، آخر 30 دقيقة");
    public static readonly Text ThroughputSummary = new("Line chart: {0} received, {1} completed, {2} failed in the last 30 minutes.", "مخطط: {0} مستلَم و{1} مكتمل و{2} فاشل في آخر 30 دقيقة.");
    public static readonly Text Received = new("Received", "مستلَم");
    public static readonly Text Completed = new("Completed", "مكتمل");
    public static readonly Text Failed = new("Failed", "فاشل");
    public static readonly Text MinuteColumn = new("Minute", "الدقيقة");
    public static readonly Text ShowTable = new("Show as a table", "عرض كجدول");
    public static readonly Text NoTraffic = new("Nothing arrived in the last 30 minutes.", "لم يصل شيء في آخر 30 دقيقة.");

    public static readonly Text LastItems = new("Last items", "آخر العناصر");
    public static readonly Text Status = new("Status", "الحالة");
    public static readonly Text EntityAndId = new("Entity and Zoho id", "الكيان ومعرّف Zoho");
    public static readonly Text Attempts = new("Attempts", "المحاولات");
    public static readonly Text Took = new("Duration", "المدة");
    public static readonly Text When = new("Received", "وقت الاستلام");
    public static readonly Text Trace = new("Trace", "التتبع");
    public static readonly Text OpenTrace = new("Open the trace of {0}", "افتح تتبع {0}");
    public static readonly Text NoItems = new("No item yet", "لا عناصر بعد");
    public static readonly Text NoItemsHint = new("The first webhook from Zoho, or the initial load, shows here.", "يظهر هنا أول إشعار من Zoho أو أول تحميل.");
    public static readonly Text NewestDeadLetters = new("Newest dead letters", "أحدث الرسائل الميتة");
    public static readonly Text NoDeadLetters = new("No dead letter.", "لا رسائل ميتة.");
    public static readonly Text AttemptsMade = new("Attempts: {0}", "المحاولات: {0}");
    public static readonly Text Waiting = new("Waiting without a handler", "بانتظار معالج");
    public static readonly Text WaitingHint = new("Stored safely; they run when their handler arrives.", "محفوظة بأمان، وتُعالج عند توفّر معالجها.");
    public static readonly Text NothingWithoutHandler = new("Every waiting type has a handler.", "لكل نوع منتظر معالج.");
    public static readonly Text InitialLoad = new("Initial load", "التحميل الأول");
    public static readonly Text NoInitialLoad = new("Not started yet.", "لم يبدأ بعد.");
    public static readonly Text Seen = new("Seen", "المقروء");
    public static readonly Text Created = new("Created", "المُنشأ");
    public static readonly Text Updated = new("Updated", "المحدَّث");
    public static readonly Text Unchanged = new("Unchanged", "بلا تغيير");
    public static readonly Text Stale = new("Stale", "قديم");
    public static readonly Text FinishedIn = new("finished {0}, took {1}", "انتهى {0}، استغرق {1}");
    public static readonly Text StartedAgo = new("started {0}", "بدأ {0}");

    public static readonly Text Health = new("Health", "الصحة");
    public static readonly Text Checks = new("Health checks", "فحوص الصحة");
    public static readonly Text Healthy = new("Healthy", "سليم");
    public static readonly Text Degraded = new("Degraded", "متراجع");
    public static readonly Text Unhealthy = new("Unhealthy", "معطّل");
    public static readonly Text WebhookAuth = new("Webhook proof", "إثبات الإشعارات");
    public static readonly Text Figures = new("Figures", "الأرقام");

    public static readonly Text FaultUnreachable = new("{0}: the Api is not reachable.", "{0}: تعذّر الوصول إلى واجهة Api.");
    public static readonly Text FaultTimedOut = new("{0}: the Api did not answer in time.", "{0}: لم تُجب واجهة Api في الوقت المحدد.");
    public static readonly Text FaultRefused = new("{0}: the Api refused the request ({1}). Sign-in is needed.", "{0}: رفضت واجهة Api الطلب ({1}). يلزم تسجيل الدخول.");
    public static readonly Text FaultFailed = new("{0}: the Api answered with an error ({1}).", "{0}: أجابت واجهة Api بخطأ ({1}).");
    public static readonly Text FaultUnreadable = new("{0}: the Api's answer could not be read.", "{0}: تعذّرت قراءة جواب واجهة Api.");
    public static readonly Text FaultStale = new("Shown below: the last known figures, from {0}.", "المعروض أدناه: آخر أرقام معروفة، من الساعة {0}.");
    public static readonly Text FaultNothing = new("Nothing is known yet; this page tries again by itself.", "لا شيء معروف بعد؛ تعيد هذه الصفحة المحاولة تلقائيًا.");
    public static readonly Text FaultHint = new("Check that the Api runs: ./dev status", "تحقق من عمل واجهة Api: ‎./dev status");

    public static readonly Text NotFound = new("Page not found", "الصفحة غير موجودة");
    public static readonly Text NotFoundHint = new("There is nothing at this address.", "لا يوجد شيء في هذا العنوان.");
    public static readonly Text Broken = new("This page failed", "تعذّر عرض هذه الصفحة");
    public static readonly Text BrokenHint = new("The fault is ours and is in the log under", "الخلل من جهتنا وهو مسجَّل برقم");
    public static readonly Text BackToOverview = new("Back to the overview", "العودة إلى النظرة العامة");
    public static readonly Text SignInNeeded = new("Sign-in needed", "يلزم تسجيل الدخول");
    public static readonly Text SignInNeededHint = new("These pages open in Development only until sign-in exists.", "تُفتح هذه الصفحات في بيئة التطوير فقط إلى أن يتوفر تسجيل الدخول.");

    public static readonly Text Milliseconds = new("ms", "م.ث");
    public static readonly Text Seconds = new("s", "ث");
    public static readonly Text Minutes = new("min", "د");
    public static readonly Text Hours = new("h", "س");
    public static readonly Text Days = new("d", "ي");
    public static readonly Text JustNow = new("just now", "الآن");
    public static readonly Text InBaghdad = new("{0} (Asia/Baghdad)", "{0} (بتوقيت بغداد)");

    public static readonly Plural SecondsAgo = new(new("{0} second ago", "قبل ثانية"), "قبل ثانيتين", "قبل {0} ثوانٍ", new("{0} seconds ago", "قبل {0} ثانية"));
    public static readonly Plural MinutesAgo = new(new("{0} minute ago", "قبل دقيقة"), "قبل دقيقتين", "قبل {0} دقائق", new("{0} minutes ago", "قبل {0} دقيقة"));
    public static readonly Plural HoursAgo = new(new("{0} hour ago", "قبل ساعة"), "قبل ساعتين", "قبل {0} ساعات", new("{0} hours ago", "قبل {0} ساعة"));
    public static readonly Plural DaysAgo = new(new("{0} day ago", "قبل يوم"), "قبل يومين", "قبل {0} أيام", new("{0} days ago", "قبل {0} يومًا"));

    private static readonly Dictionary<string, Text> s_codes = new(StringComparer.Ordinal)
    {
        ["status.pending"] = new("Pending", "منتظر"),
        ["status.processing"] = new("Processing", "قيد المعالجة"),
        ["status.completed"] = new("Completed", "مكتمل"),
        ["status.retry"] = new("Retry", "إعادة محاولة"),
        ["status.failed"] = new("Failed", "فاشل"),
        ["status.dead_letter"] = new("Dead letter", "رسالة ميتة"),
        ["status.superseded"] = new("Superseded", "حلّ محله أحدث"),
        ["status.skipped"] = new("Skipped", "متخطّى"),
        ["status.cancelled"] = new("Cancelled", "ملغى"),
        ["status.running"] = new("Running", "جارٍ"),
        ["status.started"] = new("Started", "بدأ"),
        ["status.queued"] = new("Queued", "في الطابور"),
        ["status.partial"] = new("Partial", "جزئي"),
        ["result.applied"] = new("applied", "طُبّق"),
        ["result.created"] = new("created", "أُنشئ"),
        ["result.updated"] = new("updated", "حُدّث"),
        ["result.unchanged"] = new("unchanged", "بلا تغيير"),
        ["result.deleted"] = new("deleted", "حُذف"),
        ["result.stale"] = new("stale", "قديم"),
        ["result.superseded"] = new("superseded", "حلّ محله أحدث"),
        ["result.skipped"] = new("skipped", "تُخطّي"),
        ["entity.product"] = new("Product", "منتج"),
        ["entity.customer"] = new("Customer", "زبون"),
        ["entity.invoice"] = new("Invoice", "فاتورة"),
        ["entity.bill"] = new("Bill", "فاتورة شراء"),
        ["entity.credit_note"] = new("Credit note", "إشعار دائن"),
        ["entity.stock_adjustment"] = new("Stock adjustment", "تسوية مخزون"),
        ["entity.price_list"] = new("Price list", "قائمة أسعار"),
        ["entity.order"] = new("Sales order", "طلب بيع"),
        ["entity.payment"] = new("Payment", "دفعة"),
        ["entity.vendor"] = new("Vendor", "مورّد"),
        ["entity.user"] = new("User", "مستخدم"),
        ["entity.branch"] = new("Branch", "فرع"),
        ["operation.create"] = new("create", "إنشاء"),
        ["operation.update"] = new("update", "تحديث"),
        ["operation.upsert"] = new("upsert", "إنشاء أو تحديث"),
        ["operation.delete"] = new("delete", "حذف"),
        ["check.database"] = new("Database", "قاعدة البيانات"),
        ["check.redis"] = new("Redis", "Redis"),
        ["check.queue"] = new("Queue", "الطابور"),
        ["check.workers"] = new("Workers", "العاملون"),
        ["check.worker"] = new("Worker", "العامل"),
        ["check.webhooks"] = new("Webhooks", "الإشعارات"),
        ["check.migrations"] = new("Migrations", "ترحيلات المخطط"),
        ["check.zoho"] = new("Zoho", "Zoho"),
        ["check.dead_letters"] = new("Dead letters", "الرسائل الميتة"),
        ["check.self"] = new("Api", "واجهة Api"),
    };

    /// <summary>The word for a code of the Api such as a status or an entity type; null when the Api knows one that we do not.</summary>
    public static Text? Of(string group, string? code) => code is null ? null : s_codes.GetValueOrDefault($"{group}.{code}");

    /// <summary>Every text with its key, for the test that reads them all.</summary>
    public static IEnumerable<KeyValuePair<string, Text>> All()
    {
        foreach (var field in typeof(Terms).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            switch (field.GetValue(null))
            {
                case Text text:
                    yield return new(field.Name, text);
                    break;
                case Plural plural:
                    yield return new($"{field.Name}.One", plural.One);
                    yield return new($"{field.Name}.Two", plural.Other with { Ar = plural.TwoAr });
                    yield return new($"{field.Name}.Few", plural.Other with { Ar = plural.FewAr });
                    yield return new($"{field.Name}.Other", plural.Other);
                    break;
            }
        }

        foreach (var code in s_codes)
            yield return code;
    }
}
