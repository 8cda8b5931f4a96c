namespace TshErp.Benchmarks.Harness;

/// <summary>Progress goes to standard error; standard output carries the result alone: one JSON line, or a table for people.</summary>
internal static class Report
{
    public static void Progress(string line) => Console.Error.WriteLine(line);

    public static void Print(IReadOnlyList<Ratio> ratios, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine($$"""{"ratios":[{{string.Join(',', ratios.Select(ratio => ratio.Json))}}]}""");
            return;
        }
        Console.Out.WriteLine($"{"",-4} {"what",-64} {"ours",10} {"ceiling",10} {"ratio",8} {"must",8}");
        foreach (var ratio in ratios)
        {
            Console.Out.WriteLine(
                $"{ratio.Id,-4} {ratio.What,-64} {Ratio.Round(ratio.Ours),10} {(ratio.Ceiling is { } ceiling ? Ratio.Round(ceiling) : "-"),10} "
                + $"{Ratio.Round(ratio.Value),8} {(ratio.HigherIsBetter ? ">= " : "<= ") + Ratio.Round(ratio.Must),8}  {(ratio.Ok ? "ok" : "NOT MET")}");
        }
    }
}
