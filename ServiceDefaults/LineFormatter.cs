using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace TshErp.ServiceDefaults;

/// <summary>
/// Writes one line per event with the fields <c>ts, level, msg, event_id, category, service, version, env, trace_id, span_id,
/// request_id, user_id, tenant_id, module, method, route, status, duration_ms, error_code, exception{type,message,stack}</c>.
/// The last twelve come from the message's own values or its scopes and are absent when unknown. Control characters are
/// escaped by the writer, so no value can forge a line.
/// </summary>
internal sealed class LineFormatter(IOptionsMonitor<LineFormatter.Options> options, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "tsh";

    // Lines are read by people and log stores, never by a browser: quotes and control characters are escaped, angle brackets stay.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal sealed class Options : ConsoleFormatterOptions
    {
        public bool Text { get; set; }

        public string Service { get; set; } = "";

        public string Version { get; set; } = "";

        public string Environment { get; set; } = "";
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var fields = new LogFields();
        scopeProvider?.ForEachScope(static (scope, found) => found.Take(scope), fields);
        fields.Take(logEntry.State);
        var message = Redaction.Message(logEntry.State, logEntry.Formatter);
        if (options.CurrentValue.Text) WriteText(logEntry, message, fields, textWriter);
        else WriteJson(logEntry, message, fields, textWriter);
    }

    private void WriteJson<TState>(in LogEntry<TState> entry, string message, LogFields fields, TextWriter output)
    {
        var own = options.CurrentValue;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("ts", time.GetUtcNow().UtcDateTime);
            json.WriteString("level", NameOf(entry.LogLevel));
            json.WriteString("msg", message);
            json.WriteNumber("event_id", entry.EventId.Id);
            json.WriteString("category", entry.Category);
            json.WriteString("service", own.Service);
            json.WriteString("version", own.Version);
            json.WriteString("env", own.Environment);
            if (Activity.Current is { } span)
            {
                json.WriteString("trace_id", span.TraceId.ToHexString());
                json.WriteString("span_id", span.SpanId.ToHexString());
            }

            fields.WriteTo(json);
            if (entry.Exception is { } exception)
            {
                json.WriteStartObject("exception");
                json.WriteString("type", exception.GetType().FullName);
                json.WriteString("message", Redaction.Text(exception.Message));
                json.WriteString("stack", Redaction.Text(exception.ToString()));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    private void WriteText<TState>(in LogEntry<TState> entry, string message, LogFields fields, TextWriter output)
    {
        output.Write(time.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(NameOf(entry.LogLevel));
        output.Write(' ');
        output.Write(entry.Category);
        output.Write(": ");
        output.Write(message.ReplaceLineEndings(" "));
        if (fields.RequestId is { } id) output.Write($" [{id}]");
        output.Write('\n');
        if (entry.Exception is { } exception)
        {
            output.Write(Redaction.Text(exception.ToString()));
            output.Write('\n');
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        LogLevel.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
