using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Rules;

public sealed partial class TagUsers
{
    private const int Listed = 10;

    private string _tag = "";
    private (string Tag, object Profiles, object Policies, object Endpoints, object Hosts)? _read;
    private ImmutableArray<TagRule> _rules = [];
    private ImmutableArray<string> _policies = [];
    private ImmutableArray<WorkloadEndpoint> _carriers = [];
    private ImmutableArray<HostEndpoint> _hosts = [];

    /// <summary>The tag, as it is typed.</summary>
    [Parameter, EditorRequired]
    public string Tag { get; set; } = "";

    /// <summary>Whether it begins unfolded.</summary>
    [Parameter]
    public bool Open { get; set; }

    private string Summary
    {
        get
        {
            var carried = _carriers.Length + _hosts.Length;
            var named = _rules.Length + _policies.Length;
            return carried + named == 0 ? "nobody carries it and nothing names it"
                : $"{Count(carried, "endpoint carries", "endpoints carry")} it, {Count(_rules.Length, "rule names", "rules name")} it"
                    + (_policies.IsEmpty ? "" : $", {Count(_policies.Length, "policy selects", "policies select")} by it");
        }
    }

    protected override void OnParametersSet() => OnSnapshot();

    protected override void OnSnapshot()
    {
        _tag = Tag.Trim();
        var calico = Snapshot.Calico;
        var read = (_tag, (object)calico.Profiles, (object)calico.Policies, (object)calico.WorkloadEndpoints, (object)calico.HostEndpoints);
        if (_tag.Length == 0 || _read == read)
        {
            return;
        }

        _read = read;
        (_rules, _policies) = (TagUse.Rules(calico, _tag), TagUse.Policies(calico, _tag));
        (_carriers, _hosts) = ([.. TagUse.Workloads(calico, _tag)], [.. TagUse.Hosts(calico, _tag)]);
    }

    private static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{(count == 0 ? "no" : count.Grouped())} {many}";

    private string NameOf(WorkloadEndpoint endpoint) => WorkloadNames.For(endpoint.Id, LeftBehindEndpoints.ContainerOf(endpoint.Id, Snapshot));
}
