using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Control;

/// <summary>The rules in force; the first that matches a call is used up by one.</summary>
internal sealed class FaultBook(World world)
{
    private readonly Lock gate = new();
    private readonly List<Fault> rules = [];
    private Seeded random = Seeded.For(world.Seed, "faults");

    public void Add(Fault fault)
    {
        lock (gate)
            rules.Add(fault);
    }

    public Fault[] All()
    {
        lock (gate)
            return [.. rules];
    }

    public int Clear()
    {
        lock (gate)
        {
            var count = rules.Count;
            rules.Clear();
            random = Seeded.For(world.Seed, "faults");
            return count;
        }
    }

    public Fault? Take(string method, string path, int page)
    {
        lock (gate)
        {
            for (var index = 0; index < rules.Count; index++)
            {
                var rule = rules[index];
                if (!rule.Matches(method, path, page) || (rule.Probability < 1 && !random.Chance(rule.Probability)))
                    continue;
                if (rule.Left is { } left)
                    rules[index] = rule with { Left = left - 1 };
                return rule;
            }

            return null;
        }
    }
}
