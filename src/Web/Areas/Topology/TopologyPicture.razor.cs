using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Topology;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Topology;

public sealed partial class TopologyPicture : IAsyncDisposable
{
    private const double Corner = 6;
    private const int MostHues = 3;

    private static readonly string[] Tones = ["plain", "open", "partly", "works", "fails", "unknown"];

    private readonly string _id = $"arrow{Guid.NewGuid():N}";
    private ElementReference _svg;
    private ComponentScript? _script;
    private PlacedNode? _first;
    private Dictionary<string, string> _names = new(StringComparer.Ordinal);

    [Parameter, EditorRequired]
    public TopologyLayout Layout { get; set; } = default!;

    [Parameter, EditorRequired]
    public TopologyWords Words { get; set; } = default!;

    /// <summary>What makes the groups.</summary>
    [Parameter, EditorRequired]
    public string Grouping { get; set; } = "";

    /// <summary>The box that is looked at.</summary>
    [Parameter]
    public string? FocusId { get; set; }

    /// <summary>Where a box leads.</summary>
    [Parameter, EditorRequired]
    public Func<TopologyNode, string> HrefOf { get; set; } = default!;

    public async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }
    }

    // One stop of the Tab key: the box that is looked at, else the first.
    protected override void OnParametersSet()
    {
        _first = Layout.Nodes.FirstOrDefault(n => n.Node.Id == FocusId) ?? Layout.Nodes.FirstOrDefault();
        _names = Layout.Nodes.ToDictionary(n => n.Node.Id, n => n.Node.Name, StringComparer.Ordinal);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Its listeners are the drawing's and go with it.
            _script = new ComponentScript(Js, "./js/picture.js", stop: null);
            await _script.StartAsync(_svg);
        }
    }

    private string Sentence(TopologyNode node) => VisibleText.From(Words.Sentence(node, Grouping));

    private static string ToneOf(TopologyEdge edge) => edge.Tone switch
    {
        TopologyTone.Plain => "plain",
        TopologyTone.Open => "open",
        TopologyTone.Partly => "partly",
        TopologyTone.Works => "works",
        TopologyTone.Fails => "fails",
        TopologyTone.Unknown => "unknown",
        _ => throw new InvalidOperationException($"a tone {edge.Tone}"),
    };

    private static string KindOf(TopologyEdge edge) => edge.Kind switch
    {
        TopologyEdgeKind.Member => "member",
        TopologyEdgeKind.Permission => "permission",
        TopologyEdgeKind.Session => "session",
        TopologyEdgeKind.Probe => "probe",
        _ => throw new InvalidOperationException($"an arrow of kind {edge.Kind}"),
    };

    // What is written in the boxes at both ends need not stand on the arrow between them.
    private static bool HasLabel(PlacedEdge edge) => edge.Edge.Label.Length > 0 && (edge.Points.Length > 2 || edge.Edge.Kind == TopologyEdgeKind.Probe);

    private string Title(TopologyEdge edge) => edge.Kind == TopologyEdgeKind.Member ? $"{NameOf(edge.From)} is in {NameOf(edge.To)}"
        : edge.Kind == TopologyEdgeKind.Session ? edge.Words
        : $"{NameOf(edge.From)} {(edge.BothWays ? "and" : "to")} {NameOf(edge.To)}: {edge.Words}";

    private string NameOf(string id) => _names[id];

    private string ClassOf(TopologyNode node) => string.Join(' ', new[]
    {
        "node",
        node.Kind.ToString().ToLowerInvariant(),
        node.IsCount ? "several" : null,
        Words.State(node) is { State: var state and not ChipState.Healthy } ? state.ToString().ToLowerInvariant() : null,
        Words.IsClosed(node) ? "closed" : null,
    }.OfType<string>());

    private IEnumerable<string> HuesOf(TopologyNode node) => node.Kind switch
    {
        TopologyNodeKind.Group when !node.IsCount => [Hues.Style(node.Name)],
        TopologyNodeKind.Workload => node.GroupIds.Take(MostHues).Select(g => Hues.Style(NameOf(g))),
        TopologyNodeKind.Group or TopologyNodeKind.Host or TopologyNodeKind.Peer or TopologyNodeKind.Outside => [],
        _ => throw new InvalidOperationException($"a box of kind {node.Kind}"),
    };

    private double TextAt(TopologyNode node) => 8 + (5 * HuesOf(node).Count());

    private int Most(PlacedNode node, double width) => (int)((node.Width - TextAt(node.Node) - 6) / width);

    // As much as there is room for along the arrow.
    private static int Most(PlacedEdge edge) => (int)Math.Clamp(Math.Abs(edge.Points[^1].X - edge.Points[0].X) / 6.4, 10, 30);

    // Whole words would leave the box; the name in full is in its title and in the table.
    private static string Short(string text, int most) => text.Length <= most ? text : $"{text[..Math.Max(1, most - 1)]}…";

    private static string Way(PlacedEdge edge)
    {
        var points = edge.Points;
        if (points.Length == 2)
        {
            return $"M{Point(points[0])}L{Point(points[1])}";
        }

        var way = $"M{Point(points[0])}";
        for (var i = 1; i < points.Length - 1; i++)
        {
            way += $"L{Point(Towards(points[i], points[i - 1]))}Q{Point(points[i])} {Point(Towards(points[i], points[i + 1]))}";
        }

        return $"{way}L{Point(points[^1])}";
    }

    // A corner is round: it begins and ends a little before and behind its point.
    private static PicturePoint Towards(PicturePoint from, PicturePoint to)
    {
        var length = Math.Sqrt(((to.X - from.X) * (to.X - from.X)) + ((to.Y - from.Y) * (to.Y - from.Y)));
        var part = length < 2 * Corner ? 0.5 : Corner / length;
        return new PicturePoint(from.X + ((to.X - from.X) * part), from.Y + ((to.Y - from.Y) * part));
    }

    private static string Point(PicturePoint point) => $"{Number(point.X)} {Number(point.Y)}";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
