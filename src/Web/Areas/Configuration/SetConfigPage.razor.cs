using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kit.Forms;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Configuration;

public sealed partial class SetConfigPage
{
    private readonly SeenObject _seen = new();
    private RawConfiguration _raw;
    private string _name = "";
    private string _node = "";
    private string _value = "";
    private bool _typing;
    private KnownParameter? _known;
    private (string?, string?, string?)? _asked;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _nodes = [];

    /// <summary>felix, bgp or calicoctl.</summary>
    [SupplyParameterFromQuery(Name = "kind")]
    public string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "node")]
    public string? Node { get; set; }

    private static ImmutableArray<FormOption> Settings => [.. NamedSettings.All.Select(s => new FormOption(s.Name, s.Name))];

    private string Title => Name is null ? "Set a parameter" : $"Set {Name}{(Node is null ? "" : $" of {Node}")}";

    private string Back => Name is null ? Links.Configuration : Links.Parameter(_raw, Name);

    private SetConfiguration Asked => new(_name, _value, _node.Length == 0 ? null : _node, _raw);

    private SetConfiguration? Operation => _errors.IsEmpty ? Asked with { ExpectedRevision = _seen.Revision } : null;

    private bool PerNode => _raw == RawConfiguration.None ? NamedSettings.Find(_name)?.PerNode == true : _known?.PerNode ?? true;

    private ImmutableArray<FormOption> Names => _raw == RawConfiguration.Felix
        ? [.. FelixParameters.All.Select(p => new FormOption(p.Name, p.Group))]
        : [.. BgpParameters.All.Select(p => new FormOption(p.Name, p.Meaning))];

    private ImmutableArray<FormOption> Choices => _raw == RawConfiguration.None
        ? [.. NamedSettings.Find(_name)?.Values.Select(v => new FormOption(v, v)) ?? []]
        : _raw == RawConfiguration.Bgp && _name == "node_mesh" ? [new("true", "on"), new("false", "off")]
        : [.. _known?.Form.Choices.Select(v => new FormOption(v, v)) ?? []];

    private string ValueHelp => _known is { } known ? $"{char.ToUpperInvariant(known.Form.Words[0])}{known.Form.Words[1..]}." : _raw == RawConfiguration.None
        ? "As calicoctl takes it." : "Written as it stands; calicoctl checks nothing here either.";

    private string Now => (_raw, _node.Length == 0 ? null : _node) switch
    {
        _ when _name.Length == 0 => "",
        (RawConfiguration.None, var node) => ConfigurationReader.Read(Snapshot.Calico, _name, node, RawConfiguration.None)?.Value ?? "",
        (RawConfiguration.Felix, var node) => Say(EffectiveConfiguration.Felix(Snapshot.Calico, _name, node)),
        var (_, node) => Say(EffectiveConfiguration.Bgp(Snapshot.Calico, _name, node)),
    };

    protected override void OnParametersSet()
    {
        if (_asked != (Kind, Name, Node))
        {
            _asked = (Kind, Name, Node);
            Begin();
        }
    }

    protected override void OnSnapshot()
    {
        _nodes = [new("", "All nodes"), .. Snapshot.Calico.Nodes.Keys.Select(n => new FormOption(n, n))];
        See(_seen, Asked, Snapshot, Time.GetUtcNow());
    }

    /// <summary>Takes note of what stands of a setting, whatever it shall be set to.</summary>
    internal static void See(SeenObject seen, SetConfiguration setting, ClusterSnapshot snapshot, DateTimeOffset now) => seen.See(
        (setting.Raw, setting.Setting, setting.Node), ConfigurationStanding.RevisionOf(snapshot.Calico, setting),
        () => string.Join('\n', ConfigurationStanding.For(snapshot.Calico, setting).Select(k => $"{k.Key} {k.Text}")), now);

    private void StartAgain()
    {
        _seen.Clear();
        Begin();
    }

    private string Say(EffectiveValue value) => $"{ParameterRow.Words(value, _known)} ({ParameterRow.Source(value)})";

    // Begins with what is stored, so that a long list is changed and not typed again.
    private void Begin()
    {
        _raw = Kind switch { "felix" => RawConfiguration.Felix, "bgp" => RawConfiguration.Bgp, _ => RawConfiguration.None };
        (_name, _node, _value, _typing) = (Name ?? "", Node ?? "", "", false);
        if (_raw == RawConfiguration.Felix && _name.Length > 0)
        {
            _value = EffectiveConfiguration.Felix(Snapshot.Calico, _name, Node).Stored?.Text ?? "";
        }

        Set(() => { });
    }

    private void TakeName(string name) => Set(() => (_name, _typing) = (name, false));

    private void Restore(Operation operation)
    {
        if (operation is SetConfiguration o)
        {
            Set(() => (_raw, _name, _node, _value) = (o.Raw, o.Setting, o.Node ?? "", o.Value ?? ""));
        }
    }

    private void Set(Action change)
    {
        change();
        _known = _raw switch { RawConfiguration.Felix => FelixParameters.Find(_name), RawConfiguration.Bgp => BgpParameters.Find(_name), _ => null };
        _errors =
        [
            .. _name.Trim().Length == 0 ? [new FieldError("name", "A name is needed")] : ImmutableArray<FieldError>.Empty,
            .. _value.Length == 0 ? [new FieldError("value", "A value is needed; to take one away, unset it")] : ImmutableArray<FieldError>.Empty,
        ];
        See(_seen, Asked, Snapshot, Time.GetUtcNow());
    }
}
