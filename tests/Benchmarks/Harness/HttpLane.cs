using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace TshErp.Benchmarks.Harness;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends prepared requests one after the other. Only what a load generator needs, because on two
/// cores every microsecond spent here is taken from the program under test.
/// </summary>
internal sealed class HttpLane : IDisposable
{
    private readonly Socket _socket;
    private readonly string _head;
    private readonly byte[] _received = new byte[64 * 1024];

    private HttpLane(Socket socket, string head)
    {
        _socket = socket;
        _head = head;
    }

    public static async Task<HttpLane> ConnectAsync(Uri target, string method, string headers, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target.Host, target.Port, cancellationToken);
        return new HttpLane(socket, $"{method} {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Authority}\r\n{headers}");
    }

    /// <summary>Sends a JSON body, reads the whole answer and returns its status.</summary>
    public async Task<int> SendAsync(string body, CancellationToken cancellationToken)
    {
        var length = Encoding.UTF8.GetByteCount(body);
        var request = Encoding.UTF8.GetBytes($"{_head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        for (var sent = 0; sent < request.Length;)
            sent += await _socket.SendAsync(request.AsMemory(sent), cancellationToken);

        var filled = 0;
        while (true)
        {
            if (filled == _received.Length)
                throw new BenchmarkException("An answer of more than 64 KiB: not what this load expects.");
            var read = await _socket.ReceiveAsync(_received.AsMemory(filled), cancellationToken);
            if (read == 0)
                throw new BenchmarkException($"The server closed the connection after {filled} bytes: {Encoding.UTF8.GetString(_received, 0, filled)}");
            filled += read;
            if (IsComplete(_received.AsSpan(0, filled)))
                return int.Parse(_received.AsSpan(9, 3), provider: null);
        }
    }

    public string LastAnswer => Encoding.UTF8.GetString(_received).TrimEnd('\0');

    public void Dispose() => _socket.Dispose();

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = answer[..(end + 2)];
        var body = answer[(end + 4)..];
        var at = head.IndexOf("Content-Length: "u8);
        if (at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _))
            return body.Length >= length;
        return head.IndexOf("chunked"u8) < 0 || body.EndsWith("0\r\n\r\n"u8);
    }
}
