using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Captures;

/// <summary>
/// Listens to packets at several points at once, by tcpdump in short-lived helper containers, within bounds. It changes nothing that lasts. The result's answer
/// is an <see cref="OperationAnswer.Captured"/>.
/// </summary>
/// <param name="Request">What is asked.</param>
/// <param name="Image">The helper's image.</param>
public sealed record Capture(CaptureRequest Request, string Image) : Operation, INamedOperation, ISelfPlanned
{
    private static readonly OperationName Captures = new("container.capture", "Capture packets of", "Capturing", "Captured");

    /// <summary>Step: the helpers are started, and listen.</summary>
    public const string ListenStep = "listen";

    /// <summary>Step: packets are captured.</summary>
    public const string CaptureStep = "capture";

    /// <summary>Step: the helpers are removed, and what they saw is kept.</summary>
    public const string KeepStep = "keep";

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Captures];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override OperationWords Words => new(Captures.Title, ObjectName, $"Capturing packets of {ObjectName}", $"Captured packets of {ObjectName}");

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => Request.From.Length > 0 ? Request.From : Request.To.Length > 0 ? Request.To : Request.Points.FirstOrDefault() ?? "";

    /// <inheritdoc/>
    protected override OperationName Called => Captures;

    /// <inheritdoc/>
    public override string DoneWith(OperationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Answer is OperationAnswer.Captured(_, var headline) ? headline : Words.Done;
    }

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        return
        [
            .. Kept(result),
            new NextStep("Capture again", new Destination.CaptureForm(Filled(Request.From), Filled(Request.To))),
            .. Filled(Request.From) is { } from ? [new NextStep("Diagnose this connection", new Destination.DiagnoseForm(from, Filled(Request.To)))]
                : Array.Empty<NextStep>(),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextStepsIfNotDone(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. Kept(result), .. Lacking(snapshot).Select(h => new NextStep($"Load the helper image onto {h}", new Destination.LoadHelperForm(h)))];
    }

    /// <summary>Hosts of its points that lack the helper's image, as far as the snapshot knows.</summary>
    public IEnumerable<string> Lacking(ClusterSnapshot snapshot) => Lacking(Request.Read(snapshot), snapshot);

    /// <inheritdoc/>
    public PlannedOperation Plan(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var plan = new PlanBuilder();
        var reading = Request.Read(snapshot);
        plan.Errors(reading.Errors);
        if (plan.HasErrors)
        {
            return plan.Build();
        }

        foreach (var host in Lacking(reading, snapshot))
        {
            plan.Error("image", $"{host} does not have the image {Image}, in which tcpdump runs: load it onto {host} first");
        }

        foreach (var step in new[] { ListenStep, CaptureStep, KeepStep })
        {
            plan.Step(step);
        }

        var limits = Request.Limits;
        foreach (var point in reading.Points)
        {
            plan.DockerCall(point.Host, $"POST containers/create {HelperContainers.Capture} at {point.Name}");
            plan.Command(ShellCommand.Join(
            [
                "docker", "run", "--rm", $"--net={(point.Place == CapturePlace.Inside ? $"container:{point.Container}" : "host")}", "--cap-drop", "ALL",
                "--cap-add", "NET_RAW", Image, "tcpdump", "-nei", point.Interface.Length > 0 ? point.Interface : "any", reading.Filter.Expression(),
            ]));
        }

        if (Request.Ping)
        {
            plan.DockerCall(reading.From!.Container!.Host, $"POST containers/{reading.From.Container.Container.Id}/exec ping");
        }

        plan.Consequence($"{reading.Points.Length} short-lived helper {(reading.Points.Length == 1 ? "container listens" : "containers listen")} at "
            + $"{string.Join(", ", reading.Points.Select(p => p.Name))}, for {limits.Seconds} s, {limits.Packets} packets each and {limits.MiB} MiB in all at "
            + "most, and are removed again. Nothing of the workloads is changed.");
        plan.Consequence($"Taken is {reading.Filter.Words}. The first {CaptureLimits.PacketBytes} bytes of each packet are kept in the console's database: "
            + "they may hold what programs say to each other. Whoever signs in can download them.");
        if (Request.Ping)
        {
            plan.Consequence($"Meanwhile {reading.From!.Name} pings {reading.To!.Address} once a second.");
        }

        return plan.Build();
    }

    private IEnumerable<string> Lacking(CaptureReading reading, ClusterSnapshot snapshot) => reading.Points.Select(p => p.Host)
        .Distinct(StringComparer.Ordinal).Where(h => snapshot.Hosts.GetValueOrDefault(h) is not { } host || !host.HasImage(Image));

    private static string? Filled(string text) => text.Length > 0 ? text : null;

    private static NextStep[] Kept(OperationResult result) => result.Answer is OperationAnswer.Captured(var id, _)
        ? [new NextStep("Packets on a time line", new Destination.Capture(id), IsNext: true)] : [];
}
