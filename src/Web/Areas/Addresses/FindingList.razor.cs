using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Addresses;

public sealed partial class FindingList
{
    private const int Most = 200;

    private ImmutableArray<IpamFinding> _problems = [];
    private ImmutableArray<IpamFinding> _suspicions = [];
    private ImmutableArray<IpamFinding> _notes = [];
    private IpamFinding[] _rows = [];
    private IpamFinding[][] _groups = [];
    private int _leaks;

    [Parameter, EditorRequired]
    public IpamIndex Index { get; set; } = IpamIndex.Empty;

    /// <summary>Only what is about this network; null for everything.</summary>
    [Parameter]
    public Cidr? Network { get; set; }

    protected override void OnParametersSet()
    {
        ImmutableArray<IpamFinding> all = Network is { } network ? [.. Index.FindingsIn(network)] : Index.Findings;
        _problems = [.. all.Where(Index.IsProblem)];
        _suspicions = [.. all.Where(f => f.Kind == IpamFindingKind.Leak && !Index.IsConfirmed(f))];
        _notes = [.. all.Where(f => f.Severity == IpamSeverity.Note)];
        _leaks = _problems.Count(f => f.Kind == IpamFindingKind.Leak);

        // Many leaks of one block have one cause and one repair: they stand in one line.
        _groups = [.. _problems.Concat(_suspicions).Where(f => f.Kind == IpamFindingKind.Leak).GroupBy(f => (f.Block, Index.IsConfirmed(f)))
            .Where(g => g.Count() > 2).Select(g => g.ToArray())];
        var grouped = _groups.SelectMany(g => g).ToHashSet();
        _rows = [.. _problems.Concat(_suspicions).Where(f => !grouped.Contains(f))];
    }
}
