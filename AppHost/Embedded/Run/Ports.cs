using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace TshErp.AppHost.Embedded;

/// <summary>Gives every endpoint its ports on loopback.</summary>
internal sealed class Ports(bool onlyFree)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly HashSet<int> given = [];

    /// <summary>A port that was asked for, when it is free; else any free one. A taken port gets a few seconds: the stack before may still be ending.</summary>
    public async Task<int> TakeAsync(int? wanted, string what, CancellationToken cancellationToken)
    {
        if (onlyFree || wanted is not { } port)
            return Free();
        var deadline = TimeProvider.System.GetTimestamp();
        while (!IsFree(port))
        {
            if (TimeProvider.System.GetElapsedTime(deadline) > Patience)
                throw new DistributedApplicationException($"Port {port} for {what} is taken by another program. Free it, or take free ports: ./dev up --ports auto");
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        return given.Add(port) ? port : throw new DistributedApplicationException($"Port {port} is asked for twice ({what}).");
    }

    // Below the range from which the kernel takes ports of outgoing connections, so that none of those gets in between.
    private int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(12_000, 32_000);
            if (IsFree(port) && given.Add(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == port))
            return false;
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
