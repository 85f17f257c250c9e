using System.Collections.Immutable;
using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Configuration;

public sealed partial class ParameterPage
{
    private EffectiveValue _global = new("", ConfigurationSource.Default, null, null);
    private KnownParameter? _known;
    private NamedSetting? _setting;
    private StateWords _state = new(ChipState.Unknown, "", null);
    private ImmutableArray<NodeValue> _nodes = [];
    private string[] _names = [];
    private bool _perNode;
    private PageTab[] _tabs = [];

    /// <summary>felix, bgp or calicoctl.</summary>
    [Parameter]
    public string Kind { get; set; } = "";

    [Parameter]
    public string Name { get; set; } = "";

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    private RawConfiguration? Raw => Kind switch
    {
        "felix" => RawConfiguration.Felix,
        "bgp" => RawConfiguration.Bgp,
        "calicoctl" => RawConfiguration.None,
        _ =>
        null
    };

    protected override void OnParametersSet()
    {
        Name = WrittenName.From(Navigation, Name, 2).Read(name => ParameterRow.AllIn(Snapshot.Calico).Any(r => r.Name == name));
        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        if (Raw is not { } raw)
        {
            return;
        }

        var calico = Snapshot.Calico;
        (_known, _setting) = raw switch
        {
            RawConfiguration.Felix => (FelixParameters.Find(Name), null),
            RawConfiguration.Bgp => (BgpParameters.Find(Name), null),
            _ => ((KnownParameter?)null, NamedSettings.Find(Name)),
        };
        _perNode = raw == RawConfiguration.None ? _setting?.PerNode == true : _known?.PerNode ?? true;
        _global = For(calico, raw, null);
        _state = raw == RawConfiguration.None ? new(_global.Stored is null ? ChipState.Idle : ChipState.Healthy, _global.Stored is null ? "default" : "set",
            null) : ParameterRow.StateOf(_global, _known);
        var nodes = calico.Nodes.Keys.Union(calico.NodeConfiguration.Keys).Order(StringComparer.Ordinal).ToArray();
        _nodes = _perNode ? [.. nodes.Select(n => new NodeValue(raw, Name, n, For(calico, raw, n), _known))] : [];
        _names = [.. nodes.Select(n => new SetConfiguration(Name, null, n, raw).ObjectName).Take(50)
            .Prepend(new SetConfiguration(Name, null, null, raw).ObjectName)];
        _tabs = _perNode ? [PageTab.Overview, new("nodes", "Nodes", _nodes.Length), PageTab.History] : [PageTab.Overview, PageTab.History];
    }

    private EffectiveValue For(CalicoState calico, RawConfiguration raw, string? node)
    {
        switch (raw)
        {
            case RawConfiguration.Felix:
                return EffectiveConfiguration.Felix(calico, Name, node);
            case RawConfiguration.Bgp:
                return EffectiveConfiguration.Bgp(calico, Name, node);
            default:
                var read = ConfigurationReader.Read(calico, Name, node, RawConfiguration.None);
                var own = node is not null && read?.Stored is { } stored && V1Key.Parse(stored.Key) is V1Key.FelixConfig { Node: not null };
                return new(read?.Value ?? "", read?.Stored is null ? ConfigurationSource.Default : own ? ConfigurationSource.Node : ConfigurationSource.Global,
                    read?.Stored, null);
        }
    }

    private sealed record NodeValue(RawConfiguration Raw, string Name, string Node, EffectiveValue Value, KnownParameter? Known)
    {
        // Where it comes from stands in a column of its own.
        public string Words => ParameterRow.Words(Value, Known).Replace(" (inherited from global)", "", StringComparison.Ordinal);

        public string From => ParameterRow.Source(Value);

        public StateWords State => Raw != RawConfiguration.None ? ParameterRow.StateOf(Value, Known) : Value.Source switch
        {
            ConfigurationSource.Node => new(ChipState.Healthy, "set", null),
            ConfigurationSource.Global => new(ChipState.Healthy, "as all nodes", null),
            _ => new(ChipState.Idle, "default", "Nothing is stored."),
        };
    }
}
