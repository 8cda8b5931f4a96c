using System.Collections.Frozen;

namespace TshErp.ZohoSimulator.Store;

/// <summary>All that differs between Zoho's modules for a store of documents: names of keys, what a list row leaves out, what moves the time.</summary>
internal sealed record EntityKind
{
    /// <summary>Zoho's list key; the name the control uses.</summary>
    public required string Key { get; init; }

    /// <summary>Part of the id, so that ids of different modules never meet.</summary>
    public required int Number { get; init; }

    public required string Singular { get; init; }

    public required string IdField { get; init; }

    /// <summary>In "… does not exist."</summary>
    public required string Label { get; init; }

    public string Path { get => field ?? Key; init; }

    public string NameField { get; init; } = "name";

    /// <summary>Empty for modules that Zoho's rules cannot watch.</summary>
    public string WebhookPath { get; init; } = "";

    /// <summary>Empty when edits leave no trace in time (price lists and settings).</summary>
    public string[] TimeFields { get; init; } = ["last_modified_time"];

    /// <summary>Only in the detail document.</summary>
    public FrozenSet<string> DetailOnly { get; init; } = [];

    /// <summary>Never in answers of Books.</summary>
    public FrozenSet<string> InventoryOnly { get; init; } = [];

    /// <summary>Edits of these fields alone leave the modification time where it was.</summary>
    public FrozenSet<string> Timeless { get; init; } = [];

    public FrozenSet<string> SortInInventory { get; init; } = [];

    public FrozenSet<string> SortInBooks { get; init; } = [];

    /// <summary>Whether the list honours <c>last_modified_time</c>: in Inventory, in Books. An undocumented filter is ignored, as Zoho ignores it.</summary>
    public (bool Inventory, bool Books) ModifiedFilter { get; init; }

    /// <summary>Inactive documents are hidden unless asked for.</summary>
    public bool ActiveByDefault { get; init; }

    public bool InInventory { get; init; } = true;

    public bool InBooks { get; init; } = true;

    public string IdFor(int ordinal) => $"46000000000{Number:00}{ordinal:000000}";
}
