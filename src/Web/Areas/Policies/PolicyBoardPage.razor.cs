using System.Collections.Immutable;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Areas.Policies;

public sealed partial class PolicyBoardPage
{
    private ImmutableArray<string> _sequence = [];
    private ImmutableArray<PolicyOrder> _seen = [];
    private ImmutableArray<BoardEntry> _entries = [];
    private ImmutableArray<DisabledPolicy> _disabled = [];
    private Dictionary<string, double?> _changes = [];
    private EndpointClasses _classes = EndpointClasses.Empty;
    private ReorderPolicies? _operation;
    private ReachabilityProposal? _proposal;
    private string? _dragged;
    private string? _over;
    private string _said = "";
    private bool _stale;

    private bool IsMoved => !_sequence.SequenceEqual(_seen.Select(s => s.Name));

    protected override void OnSnapshot()
    {
        _classes = EndpointClasses.From(Snapshot.Calico, _classes);
        _disabled = DisabledPolicy.AllIn(Snapshot);
        var now = Now();
        if (now.SequenceEqual(_seen))
        {
            Draw();
        }
        else if (!IsMoved)
        {
            Reset();
        }
        else
        {
            _stale = true;
            Draw();
        }
    }

    private ImmutableArray<PolicyOrder> Now() =>
        PolicyRenumbering.Sorted(Snapshot.Calico.Policies.Values.Select(p => new PolicyOrder(p.Value.Name, p.Value.Order)));

    private void Reset()
    {
        _seen = Now();
        (_sequence, _stale) = ([.. _seen.Select(s => s.Name)], false);
        Make();
    }

    // What was wanted of the policies that are still there; new ones come where they stand.
    private void Rebase()
    {
        _seen = Now();
        var kept = _sequence.Where(n => _seen.Any(s => s.Name == n)).ToList();
        for (var i = 0; i < _seen.Length; i++)
        {
            if (!kept.Contains(_seen[i].Name))
            {
                kept.Insert(i == 0 ? 0 : kept.IndexOf(_seen[i - 1].Name) + 1, _seen[i].Name);
            }
        }

        (_sequence, _stale) = ([.. kept], false);
        Make();
    }

    private void Make()
    {
        _operation = new ReorderPolicies(_sequence) { Seen = _seen };
        _proposal = IsMoved ? BoardEntry.Proposal(_sequence, Snapshot.Calico) : null;
        Draw();
    }

    private void Draw()
    {
        _changes = _stale ? [] : PolicyRenumbering.Changes([.. _sequence.Select(n =>
            new PolicyOrder(n, Snapshot.Calico.Policies.GetValueOrDefault(n)?.Value.Order))]).ToDictionary(c => c.Name, c => c.Order, StringComparer.Ordinal);
        _entries = BoardEntry.AllIn(_sequence, PolicyRow.AllIn(Snapshot.Calico, _classes).ToDictionary(r => r.Name, StringComparer.Ordinal), _disabled);
    }

    private void Move(string name, int by)
    {
        _sequence = BoardEntry.Move(_sequence, name, by);
        _said = $"{name} is now at place {_sequence.IndexOf(name) + 1} of {_sequence.Length}.";
        Make();
    }

    private void Key(KeyboardEventArgs e, string name)
    {
        if (e is { AltKey: true, Key: "ArrowUp" or "ArrowDown" })
        {
            Move(name, e.Key == "ArrowUp" ? -1 : 1);
        }
    }

    private void Drop(string on)
    {
        if (_dragged is { } name && name != on)
        {
            Move(name, _sequence.IndexOf(on) - _sequence.IndexOf(name));
        }

        (_dragged, _over) = (null, null);
    }

    private void OnFinished(OperationResult result)
    {
        if (result.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged)
        {
            Reset();
        }
    }

    private void Restore(Operation operation)
    {
        if (operation is ReorderPolicies o)
        {
            _sequence = o.Wanted;
            Make();
        }
    }
}
