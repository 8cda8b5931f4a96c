using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace TshErp.ServiceDefaults;

/// <summary>Listens to the business's meter and the runtime's, and writes what it heard as Prometheus text.</summary>
internal sealed class PrometheusExporter : IDisposable
{
    // Of Npgsql only the used connections are told: its other labels name hosts and databases.
    private const string PoolInstrument = "db.client.connection.count";

    private const string PoolName = "erp_db_pool_in_use";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _rendering = new();

    public PrometheusExporter(ServiceIdentity identity)
    {
        var build = new MetricFamily("erp_build_info", "gauge", "The running build.", null);
        build.Set(1, [new("version", identity.Version), new("commit", identity.Commit)]);
        _families[build.Name] = build;

        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (FamilyOf(instrument) is { } family) listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => Record(family, (double)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    /// <summary>All families, by name, in Prometheus' text format 0.0.4.</summary>
    public string Render()
    {
        // Observable instruments answer into shared series: two scrapes at once would count them twice.
        lock (_rendering)
        {
            foreach (var family in _families.Values) family.BeginObservation();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // One instrument whose callback throws must not blind the operator to all others.
            }

            var text = new StringBuilder(8192);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)) family.WriteTo(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MetricFamily)family!).Measure(value, tags);

    private MetricFamily? FamilyOf(Instrument instrument) => instrument.Meter.Name switch
    {
        Telemetry.Name => _families.GetOrAdd(NameOf(instrument.Name), name => Create(name, instrument)),
        "System.Runtime" => _families.GetOrAdd(RuntimeNameOf(instrument), name => Create(name, instrument)),
        "Npgsql" when instrument.Name == PoolInstrument => _families.GetOrAdd(PoolName,
            name => new(name, "gauge", "Database connections in use.", null, observed: true) { OnlyTag = new("state", "used") }),
        _ => null,
    };

    private static MetricFamily Create(string name, Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        var observed = instrument.IsObservable;
        var type = kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter"
            : "gauge";
        var buckets = type != "histogram" ? null : (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? MetricFamily.DefaultBuckets;
        var adds = kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("UpDownCounter", StringComparison.Ordinal);
        return new(name, type, instrument.Description, buckets, observed, adds);
    }

    // The runtime names its instruments dotted and without unit: dotnet.gc.heap.total_allocated -> dotnet_gc_heap_total_allocated_bytes_total.
    private static string RuntimeNameOf(Instrument instrument)
    {
        var unit = instrument.Unit switch { "By" => "_bytes", "s" => "_seconds", _ => "" };
        var total = instrument.GetType().Name.StartsWith("ObservableCounter", StringComparison.Ordinal)
            || instrument.GetType().Name.StartsWith("Counter", StringComparison.Ordinal) ? "_total" : "";
        return NameOf(instrument.Name) + unit + total;
    }

    internal static string NameOf(string name)
    {
        Span<char> plain = name.Length <= 200 ? stackalloc char[name.Length] : new char[name.Length];
        for (var i = 0; i < name.Length; i++) plain[i] = char.IsAsciiLetterOrDigit(name[i]) || name[i] == '_' ? name[i] : '_';
        return char.IsAsciiDigit(plain[0]) ? "_" + plain.ToString() : plain.ToString();
    }

    internal static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
