namespace TshErp.Benchmarks.Harness;

/// <summary>Where the built programs lie: the benchmarks run the same configuration of Api and Worker that they were built with themselves.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string Output { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    /// <summary>The built assembly of a project at the repository's root, as <c>Api/bin/Release/net10.0/TshErp.Api.dll</c>.</summary>
    public static string Program(string project)
    {
        var path = Path.Combine(Root, project, "bin", Configuration, Output, $"TshErp.{project}.dll");
        return File.Exists(path) ? path : throw new BenchmarkException($"{path} is missing: build tests/Benchmarks with -c {Configuration} first.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TshErp.sln")))
                return folder.FullName;
        }
        throw new BenchmarkException("The benchmarks run from a checkout: no TshErp.sln above " + AppContext.BaseDirectory);
    }
}
