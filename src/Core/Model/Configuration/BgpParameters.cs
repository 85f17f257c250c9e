namespace CalicoConsole.Core.Model.Configuration;

/// <summary>The values that confd makes BIRD's configuration of (docs/calico-v1.md#bgppeer, #calicoctl-config), as data, named as their keys are.</summary>
public static class BgpParameters
{
    private const string Group = "BGP";

    /// <summary>Every known value.</summary>
    public static ImmutableArray<KnownParameter> All { get; } =
    [
        new("as_num", Group, "The AS number of every node that has none of its own.", "64512", new ValueForm.AsNumber())
        {
            Restarts = false,
            WrittenBy = "calico/node writes 64512 where nothing is set: BIRD's configuration cannot be made without it.",
        },
        new(
            "node_mesh", Group, "Whether every node peers with every other. Off leaves the peers that are stored.", "{\"enabled\":true}",
            new ValueForm.OneOf(["{\"enabled\":true}", "{\"enabled\":false}"]))
        {
            Restarts = false,
            PerNode = false,
            WrittenBy = "calico/node turns it on where nothing is set.",
        },
        new("loglevel", Group, "How much BIRD logs.", "info", new ValueForm.OneOf(["debug", "info", "none"]))
        {
            Restarts = false,
            WrittenBy = "calicoctl config set logLevel writes it together with Felix's.",
        },
    ];

    /// <summary>A value by its name, as its key is spelled; null when it is not known.</summary>
    public static KnownParameter? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
