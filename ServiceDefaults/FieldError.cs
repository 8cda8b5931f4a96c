namespace TshErp.ServiceDefaults;

/// <summary>One fault of one field of a request.</summary>
/// <param name="Field">The field as the client wrote it, for example <c>lines[2].quantity</c>.</param>
/// <param name="Code">An UPPER_SNAKE code that clients may switch on.</param>
/// <param name="Message">English text for a person.</param>
/// <param name="MessageAr">The same in Arabic.</param>
public sealed record FieldError(string Field, string Code, string Message, string MessageAr);

/// <summary>Endpoint metadata: a member that every problem answer of this endpoint carries besides the usual ones,
/// also when the framework refuses the request before the handler runs (webhooks: <c>success: false</c>).</summary>
/// <param name="Name">The member's name, snake_case.</param>
/// <param name="Value">Its value; null is written as null.</param>
public sealed record ProblemMember(string Name, bool? Value);
