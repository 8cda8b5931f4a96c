using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace TshErp.ServiceDefaults;

/// <summary>One metric with all its label values. Recording allocates nothing once a series exists.</summary>
internal sealed class MetricFamily(string name, string type, string? help, double[]? buckets, bool observed = false, bool adds = false)
{
    /// <summary>Seconds: from a cached answer to a hanging dependency.</summary>
    internal static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

    /// <summary>A label that turns out unbounded costs this much memory and no more; what exceeds it is summed in one series.</summary>
    internal const int MaxSeries = 2000;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(LabelComparer.Instance);

    public string Name => name;

    /// <summary>When set: only measurements with this tag count, and all of them in one series without labels.</summary>
    public KeyValuePair<string, string>? OnlyTag { get; init; }

    /// <summary>Forgets what was observed before, so that a label value which is gone does not stay for ever.</summary>
    public void BeginObservation()
    {
        if (observed) _series.Clear();
    }

    public void Set(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => SeriesOf(tags).Set(value);

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (OnlyTag is { } only)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == only.Key && tag.Value as string == only.Value) SeriesOf([]).Add(value);
            }

            return;
        }

        var series = SeriesOf(tags);
        if (buckets is not null) series.Observe(value, buckets);
        else if (adds) series.Add(value);
        else series.Set(value);
    }

    private MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        if (lookup.TryGetValue(tags, out var found)) return found;
        var key = _series.Count < MaxSeries ? tags.ToArray() : Overflow;
        return _series.GetOrAdd(key, static (labels, bounds) => new MetricSeries(Labels(labels), bounds?.Length ?? 0), buckets);
    }

    public void WriteTo(StringBuilder text)
    {
        if (_series.IsEmpty) return;
        if (!string.IsNullOrEmpty(help))
            text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (var series in _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal))
        {
            if (buckets is null) Line(text, "", series.Labels, series.Value);
            else WriteHistogram(text, series, buckets);
        }
    }

    private void WriteHistogram(StringBuilder text, MetricSeries series, double[] bounds)
    {
        var (counts, count, sum) = series.Read();
        long below = 0;
        var comma = series.Labels.Length == 0 ? "" : ",";
        for (var i = 0; i < bounds.Length; i++)
        {
            below += counts[i];
            Line(text, "_bucket", $"{series.Labels}{comma}le=\"{PrometheusExporter.Number(bounds[i])}\"", below);
        }

        Line(text, "_bucket", $"{series.Labels}{comma}le=\"+Inf\"", count);
        Line(text, "_sum", series.Labels, sum);
        Line(text, "_count", series.Labels, count);
    }

    private void Line(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(PrometheusExporter.Number(value)).Append('\n');
    }

    private static string Labels(KeyValuePair<string, object?>[] tags) => string.Join(',', tags.Select(tag =>
        $"{PrometheusExporter.NameOf(tag.Key)}=\"{Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>Compares tags where they lie, so that a lookup needs no array.</summary>
    private sealed class LabelComparer : IEqualityComparer<KeyValuePair<string, object?>[]>,
        IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static readonly LabelComparer Instance = new();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => x is not null && y is not null && Equals(x.AsSpan(), y);

        public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length) return false;
            for (var i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value)) return false;
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = new HashCode();
            foreach (var tag in alternate) hash.Add(tag.Value);
            return hash.ToHashCode();
        }

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();
    }
}

/// <summary>One set of label values and what was measured for it.</summary>
internal sealed class MetricSeries(string labels, int buckets)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[buckets];
    private long _count;
    private double _sum;

    public string Labels => labels;

    public double Value
    {
        get
        {
            lock (_lock) return _sum;
        }
    }

    public void Set(double value)
    {
        lock (_lock) _sum = value;
    }

    public void Add(double value)
    {
        lock (_lock) _sum += value;
    }

    public void Observe(double value, double[] bounds)
    {
        var index = Array.BinarySearch(bounds, value);
        if (index < 0) index = ~index;
        lock (_lock)
        {
            if (index < _counts.Length) _counts[index]++;
            _count++;
            _sum += value;
        }
    }

    public (long[] Counts, long Count, double Sum) Read()
    {
        lock (_lock) return ([.. _counts], _count, _sum);
    }
}
