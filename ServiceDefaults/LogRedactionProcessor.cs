using OpenTelemetry;
using OpenTelemetry.Logs;

namespace TshErp.ServiceDefaults;

/// <summary>What the console hides must not leave by OTLP either.</summary>
internal sealed class LogRedactionProcessor : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        var attributes = data.Attributes;
        if (attributes is not null && Redaction.HasSecret(attributes))
        {
            data.FormattedMessage = Redaction.Message(attributes, static (_, _) => Redaction.Mask);
            data.Attributes = [.. attributes.Select(pair => Redaction.IsSecret(pair.Key) ? new(pair.Key, Redaction.Mask) : pair)];
        }
        else if (data.FormattedMessage is { } text)
        {
            data.FormattedMessage = Redaction.Text(text);
        }
    }
}
