using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Scenes;

/// <summary>
/// Makes the fault of a scene between two containers, or takes it back. Only a sandbox and a lab carry it out: a console with a real cluster refuses.
/// </summary>
/// <param name="Code">The scene's code.</param>
/// <param name="From">The container that asks, as <c>host/name</c>.</param>
/// <param name="To">The container that is asked, as <c>host/name</c>.</param>
/// <param name="TakesBack">Whether the fault is taken back.</param>
public sealed record PlayScene(string Code, string From, string To, bool TakesBack = false) : Operation, INamedOperation, ISelfPlanned
{
    private static readonly OperationName Makes = new("scene.make", "Make the fault", "Making the fault", "Made the fault");
    private static readonly OperationName TakesItBack = new("scene.takeBack", "Take back the fault", "Taking back the fault", "Took back the fault");

    /// <summary>Step: keys are written.</summary>
    public const string KeysStep = "keys";

    /// <summary>Step: hosts and containers are changed.</summary>
    public const string HostsStep = "hosts";

    /// <summary>Name of the helper container; one that a crash left behind is replaced.</summary>
    public const string HelperName = "calico-console-scene";

    /// <summary>The kind of its object.</summary>
    public const string Kind = "scene";

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Makes, TakesItBack];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Administer;

    /// <inheritdoc/>
    public override OperationWords Words => Called.About($"of the scene {AllScenes.Find(Code)?.Title ?? Code}");

    /// <inheritdoc/>
    public override string ObjectKind => Kind;

    /// <inheritdoc/>
    public override string ObjectName => $"{Code}: {From} to {To}";

    /// <inheritdoc/>
    protected override OperationName Called => TakesBack ? TakesItBack : Makes;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
        [new("Diagnose the connection", new Destination.DiagnoseForm(From, To), IsNext: true)];

    /// <summary>Scene and containers of an <see cref="ObjectName"/>, as the audit keeps it; null when it is none.</summary>
    public static (string Code, string From, string To)? Read(string objectName)
    {
        ArgumentNullException.ThrowIfNull(objectName);
        return objectName.Split(' ') is [[.. var code, ':'], var from, "to", var to] ? (code, from, to) : null;
    }

    /// <summary>What is to be done, in order; empty when the scene or a container is not known.</summary>
    public ImmutableArray<SceneMove> Moves(ClusterSnapshot snapshot) =>
        AllScenes.Find(Code) is { } scene && SceneStage.Find(snapshot, From) is { } from && SceneStage.Find(snapshot, To) is { } to
            ? [.. (TakesBack ? scene.TakeBack : scene.Make)(new SceneStage(from, to))] : [];

    /// <inheritdoc/>
    public PlannedOperation Plan(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var plan = new PlanBuilder();
        if (AllScenes.Find(Code) is not { } scene)
        {
            return plan.Error("code", $"no scene is called '{Code}': there are {string.Join(", ", AllScenes.InOrder.Select(s => s.Code))}").Build();
        }

        var ends = new[] { (Field: "from", Name: From), (Field: "to", Name: To) }.Select(e => (e.Field, e.Name, Found: SceneStage.Find(snapshot, e.Name)))
            .ToArray();
        foreach (var (field, name, found) in ends)
        {
            if (found is null)
            {
                plan.Error(field, $"'{name}' is no container on a Calico network of a Docker host: write host/name");
            }
            else if (!TakesBack && (found.Container.State != "running" || SceneStage.Endpoint(found) is null))
            {
                plan.Error(field, $"{name} does not run, or has no endpoint yet: a scene needs two containers that talk");
            }
        }

        if (From.Trim() == To.Trim())
        {
            plan.Error("to", "both are the same container");
        }
        else if (scene.BetweenHosts && ends is [{ Found: { } one }, { Found: { } other }] && one.Host == other.Host)
        {
            plan.Error("to", $"this scene needs containers on two hosts; both are on {one.Host}");
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        Say(plan, snapshot, Moves(snapshot));
        plan.Consequence(TakesBack ? $"The fault is taken back: {FlowEnds.NameOf(ends[0].Found!)} and {FlowEnds.NameOf(ends[1].Found!)} talk again as before."
            : $"A fault is made on purpose. {scene.Symptom} It stays until it is taken back or mended.");
        return plan.Build();
    }

    private static void Say(PlanBuilder plan, ClusterSnapshot snapshot, ImmutableArray<SceneMove> moves)
    {
        if (moves.Any(m => m is SceneMove.Key))
        {
            plan.Step(KeysStep);
        }

        if (moves.Any(m => m is not SceneMove.Key))
        {
            plan.Step(HostsStep);
        }

        foreach (var move in moves)
        {
            switch (move)
            {
                case SceneMove.Key m:
                    var before = snapshot.Calico.Keys.TryGet(m.Path, out var stored) ? stored : null;
                    if (before is not null || m.Value is not null)
                    {
                        plan.Write(m.Path, before, m.Value);
                    }

                    plan.Command(m.Value is null ? ShellCommand.Join(["etcdctl", "rm", m.Path])
                        : ShellCommand.Join(["etcdctl", "set", m.Path, System.Text.Encoding.UTF8.GetString(m.Value)]));
                    break;
                case SceneMove.InNetwork m when snapshot.Hosts.GetValueOrDefault(m.Host)?.CalicoNode() is { } node:
                    plan.DockerCall(m.Host, $"POST containers/create {HelperName}");
                    plan.DockerCall(m.Host, $"DELETE containers/{HelperName}?force=true");
                    plan.Command(ShellCommand.Join(
                    [
                        "docker", "run", "--rm", $"--net=container:{m.Label}", "--cap-add", "NET_ADMIN", "--entrypoint", m.Program[0], node.Image,
                        .. m.Program.Skip(1),
                    ]));
                    break;
                case SceneMove.InNetwork m:
                    plan.Error("from", $"{m.Host} has no calico-node, whose image has the program {m.Program[0]} that is needed: deploy it first");
                    break;
                case SceneMove.InCalicoNode m:
                    plan.DockerCall(m.Host, $"POST containers/{CalicoNames.NodeContainer}/exec {string.Join(' ', m.Program)}");
                    plan.Command(ShellCommand.Join(["docker", "exec", CalicoNames.NodeContainer, .. m.Program]));
                    break;
                case SceneMove.Call m:
                    plan.DockerCall(m.Host, $"POST containers/{m.Container}/{m.Verb}");
                    plan.Command(ShellCommand.Join(["docker", m.Verb, m.Label]));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(moves), move, "unknown move");
            }
        }
    }
}
