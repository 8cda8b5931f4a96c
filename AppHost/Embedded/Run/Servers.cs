using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace TshErp.AppHost.Embedded;

/// <summary>PostgreSQL as a local process: its cluster is made on the first start and owned by a user that is not root.</summary>
internal sealed class PostgresInstance(PostgresServerResource resource, StateFolder state) : Instance(resource, 0)
{
    private const string Missing = "PostgreSQL's server programs (initdb, postgres) are missing: apt-get install postgresql";
    private readonly PostgresServerResource server = resource;
    private string programs = "";

    private static string? User => Environment.UserName == "root" ? "postgres" : null;

    private string Password => state.Secret($"{Resource.Name}-password", () => RandomNumberGenerator.GetHexString(32, lowercase: true), persist: true);

    public string ConnectionString(string? database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password}{(database is null ? "" : $";Database={database}")}");

    public string Uri(string database) => string.Create(CultureInfo.InvariantCulture, $"postgresql://postgres:{Password}@127.0.0.1:{Port}/{database}");

    public override void CheckTools()
    {
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var folders = versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), CultureInfo.InvariantCulture, out var n) ? n : 0).Select(v => Path.Combine(v, "bin"));
        var initdb = Tool.Find(["initdb"], folders) ?? throw new DistributedApplicationException(Missing);
        programs = Path.GetDirectoryName(File.ResolveLinkTarget(initdb, returnFinalTarget: true)?.FullName ?? initdb)!;
        if (!File.Exists(Path.Combine(programs, "postgres")))
            throw new DistributedApplicationException(Missing);
        if (User is { } user && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith(user + ":", StringComparison.Ordinal)))
            throw new DistributedApplicationException($"PostgreSQL does not run as root and there is no user `{user}`: useradd --system {user}");
    }

    public override async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        var folder = await state.DataFolderAsync("postgres", User, cancellationToken);
        if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
            await CreateClusterAsync(folder, cancellationToken);
        string[] command =
        [
            Path.Combine(programs, "postgres"), "-D", folder, "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "max_connections=200", "-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB", "-c", "checkpoint_timeout=15min",
            "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "password_encryption=scram-sha-256", "-c", "timezone=UTC", "-c", "log_timezone=UTC",
            "-c", "jit=off", "-c", "random_page_cost=1.1",
        ];
        // A change of the user clears the parent-death signal, so it is set again afterwards.
        return User is { } user
            ? new Launch("setpriv", [.. Tool.As(user), "setpriv", "--pdeathsig", "INT", .. command], "/") { StopSignal = Child.Interrupt, AbandonSignal = "QUIT" }
            : new Launch(command[0], command[1..], "/") { StopSignal = Child.Interrupt, AbandonSignal = "QUIT" };
    }

    public override async Task<bool> ProbeAsync(CancellationToken cancellationToken) =>
        (await PsqlAsync("postgres", "select 1", cancellationToken)).ExitCode == 0;

    public override async Task BecomeReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var name in server.Databases.Select(d => d.DatabaseName))
        {
            var known = await PsqlAsync("postgres", $"select 1 from pg_database where datname = '{name}'", cancellationToken);
            if (known.Output.Trim() != "1" && await PsqlAsync("postgres", $"create database \"{name}\"", cancellationToken) is { ExitCode: not 0 } failed)
                throw new DistributedApplicationException($"The database {name} could not be created: {failed.Output.Trim()}");
        }
    }

    private Task<(int ExitCode, string Output)> PsqlAsync(string database, string sql, CancellationToken cancellationToken) =>
        Tool.RunAsync(
            Path.Combine(programs, "psql"),
            ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-d", database, "-XAtqc", sql],
            new Dictionary<string, string> { ["PGPASSWORD"] = Password, ["PGCONNECT_TIMEOUT"] = "3" },
            cancellationToken);

    private async Task CreateClusterAsync(string folder, CancellationToken cancellationToken)
    {
        var secret = Path.Combine(Path.GetTempPath(), $"tsherp-{Guid.NewGuid():N}");
        await using (var file = new FileStream(secret, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            await file.WriteAsync(Encoding.UTF8.GetBytes(Password), cancellationToken);
        try
        {
            string[] command = [Path.Combine(programs, "initdb"), "-D", folder, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", $"--pwfile={secret}"];
            if (User is { } user)
            {
                await Tool.CheckAsync("chown", [$"{user}:", secret], null, cancellationToken);
                await Tool.CheckAsync("setpriv", [.. Tool.As(user), .. command], null, cancellationToken);
            }
            else
            {
                await Tool.CheckAsync(command[0], command[1..], null, cancellationToken);
            }
        }
        finally
        {
            File.Delete(secret);
        }
    }
}

/// <summary>Redis (or Valkey) as a local process.</summary>
internal sealed class RedisInstance(RedisResource resource, StateFolder state) : Instance(resource, 0)
{
    private string program = "";

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public override void CheckTools() =>
        program = Tool.Find(["redis-server", "valkey-server"], []) ?? throw new DistributedApplicationException("redis-server (or valkey-server) is missing: apt-get install redis-server");

    public override async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        var folder = await state.DataFolderAsync("redis", user: null, cancellationToken);
        var snapshot = Resource.Definition.Snapshot is var (seconds, keys) ? string.Create(CultureInfo.InvariantCulture, $"{seconds} {keys}") : "";
        return new Launch(program, ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", snapshot, "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"], folder);
    }

    public override async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer, cancellationToken);
            return answer.AsSpan().StartsWith("+PONG"u8);
        }
        catch (Exception unreachable) when (unreachable is SocketException or IOException)
        {
            return false;
        }
    }
}
