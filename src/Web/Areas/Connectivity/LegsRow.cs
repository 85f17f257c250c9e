using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>A workload with its five legs, as a row of the list.</summary>
/// <param name="Legs">The legs.</param>
public sealed record LegsRow(WorkloadLegs Legs)
{
    /// <summary>What the list is filtered by to show faults alone.</summary>
    public const string Fault = "fault";

    /// <summary>The columns of the list.</summary>
    public static ImmutableArray<ListColumn<LegsRow>> Columns { get; } =
    [
        new("name", "Workload", r => r.Legs.Name),
        new("state", "State", r => r.State.Words) { Facet = true, Width = 120, Markup = r => CellMarkup.State(r.State) },
        new("fault", "At fault", r => r.Faults) { Facet = true, Width = 160 },
        .. Enum.GetValues<Leg>().Select(l => new ListColumn<LegsRow>(LegsWords.Key(l), LegsWords.Title(l), r => LegsWords.For(r.View(l)).Words)
        {
            Secondary = true,
            Width = 116,
            Markup = r => CellMarkup.State(LegsWords.For(r.View(l))),
        }),
        new("address", "Addresses", r => string.Join(", ", r.Legs.Addresses)) { Mono = true, Hidden = true,
            Order = ListOrder.By<LegsRow, Ip?>(r => r.Legs.Addresses is [var first, ..] ? first : null) },
        new("node", "Node", r => r.Legs.Node) { Facet = true, Secondary = true,
            Markup = r => r.Legs.Node.Length > 0 ? CellMarkup.Hued(r.Legs.Node, Links.Node(r.Legs.Node)) : CellMarkup.None },
    ];

    /// <summary>How it stands as a whole.</summary>
    public StateWords State => Legs.IsFaulty ? new(ChipState.Broken, Fault, Legs.Sentence)
        : Legs.Legs.Any(l => l.View.State == LegState.NotRead) ? new(ChipState.Unknown, "unread", Legs.Sentence)
        : new(ChipState.Healthy, "agrees", null);

    /// <summary>The legs at fault in words: <c>interface missing</c>.</summary>
    public string Faults => string.Join(", ", Legs.Legs.Where(l => l.View.IsFault)
        .Select(l => $"{LegsWords.Title(l.Leg)} {LegsWords.For(l.View).Words}").Select((w, i) => i == 0 ? w : w.ToLowerInvariant()));

    /// <summary>What can be done to it: the repairs first, then its pages.</summary>
    public static IEnumerable<ObjectAction> Actions(LegsRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var legs = row.Legs;
        foreach (var (text, href) in legs.Legs.Where(l => l.View is { IsFault: true, Mend: not null }).Select(l => MendLinks.For(l.View.Mend!)).OfType<(string,
            string)>().Distinct())
        {
            yield return new(text, href);
        }

        yield return new("Show its legs", Links.Legs(legs.Key));
        if (legs.EndpointId is { } id)
        {
            yield return new("Open the endpoint", Links.Endpoint(id.Node, id.Orchestrator, id.Workload, id.Name));
        }

        if (legs.Container is { } c)
        {
            yield return new("Open the container", Links.Container(c.Host, c.Container.Id));
        }
    }

    private LegView View(Leg leg) => Legs.Legs.First(l => l.Leg == leg).View;
}

/// <summary>Legs and their states in words.</summary>
internal static class LegsWords
{
    /// <summary>The heading of a leg.</summary>
    public static string Title(Leg leg) => leg switch
    {
        Leg.Docker => "Docker",
        Leg.Endpoint => "Endpoint",
        Leg.Address => "IPAM",
        Leg.Profile => "Profile",
        Leg.Interface => "Interface",
    };

    /// <summary>The column of a leg in the address.</summary>
    public static string Key(Leg leg) => $"leg-{leg.ToString().ToLowerInvariant()}";

    /// <summary>The state of a leg.</summary>
    public static StateWords For(LegView view)
    {
        var (state, words) = view.State switch
        {
            LegState.There => (ChipState.Healthy, "there"),
            LegState.Missing => (ChipState.Broken, "missing"),
            LegState.Doubled => (ChipState.Broken, "doubled"),
            LegState.Differs => (ChipState.Attention, "differs"),
            LegState.NotRead => (ChipState.Unknown, "unread"),
            LegState.DoesNotApply => (ChipState.Idle, "no need"),
        };
        return new(state, words, view.Text);
    }
}
