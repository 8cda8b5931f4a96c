using System.Text;

namespace TshErp.ZohoSimulator.Store;

/// <summary>SplitMix64: the same numbers on every machine and runtime version, one independent stream a document.</summary>
internal sealed class Seeded(ulong state)
{
    private ulong state = state;

    public static Seeded For(int seed, string stream, int ordinal = 0)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(stream))
            hash = (hash ^ octet) * 1099511628211UL;
        return new Seeded(hash ^ ((ulong)(uint)seed << 32) ^ (uint)ordinal);
    }

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public int Between(int from, int to) => from + Below(to - from + 1);

    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    public T[] Shuffled<T>(IEnumerable<T> source)
    {
        var array = source.ToArray();
        for (var i = array.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (array[i], array[j]) = (array[j], array[i]);
        }

        return array;
    }
}
