using System.Buffers.Binary;
using System.IO.Compression;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Books;

/// <summary>Draws a small picture: a mirrored pattern in two colours, different for every text.</summary>
internal static class Png
{
    private const int Cells = 8;
    private const int Side = Cells * 16;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(TableEntry)];

    public static byte[] From(string text)
    {
        var random = Seeded.For(0, text);
        byte[] ink = [(byte)random.Below(200), (byte)random.Below(200), (byte)random.Below(200)];
        byte[] paper = [(byte)random.Between(215, 255), (byte)random.Between(215, 255), (byte)random.Between(215, 255)];
        var cells = new bool[Cells, Cells];
        for (var row = 0; row < Cells; row++)
        {
            for (var column = 0; column < Cells / 2; column++)
                cells[row, column] = cells[row, Cells - 1 - column] = random.Chance(0.5);
        }

        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < Side; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < Side; x++)
                    zlib.Write(cells[y * Cells / Side, x * Cells / Side] ? ink : paper);
            }
        }

        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        header[8] = 8;
        header[9] = 2;
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, pixels.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var octet in data)
            crc = Table[(crc ^ octet) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static uint TableEntry(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 1 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
        return value;
    }
}
