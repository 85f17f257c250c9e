using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>Where pages offer an action.</summary>
public enum ActionPlace
{
    /// <summary>A button: what is done most often in this state.</summary>
    Primary,

    /// <summary>A button beside others.</summary>
    Button,

    /// <summary>In the menu.</summary>
    Menu,

    /// <summary>In the menu, apart from what can be taken back.</summary>
    Apart,
}

/// <summary>
/// What can be done to a container that exists. Planner, executor, pages, menus, palette, API, audit and the look at open intents read it from here; only the
/// form's address stands on its page beside the others.
/// </summary>
public sealed class ContainerAction
{
    // docker stop and docker restart wait as long before they kill.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private ContainerAction(string verb, string doing, string done)
    {
        Verb = verb;
        Label = $"{char.ToUpperInvariant(verb[0])}{verb[1..]}";
        Called = new($"container.{verb}", $"{Label} container", doing, done);
    }

    /// <summary>docker start.</summary>
    public static ContainerAction Start { get; } = new("start", "Starting", "Started")
    {
        Place = ActionPlace.Primary,
        AppliesTo = state => state is not ("running" or "paused"),
        After = "running",
        Starts = true,
        Reached = state => state == "running",
        Needless = now => now.State == "running" ? $"The container {now.Name} runs already." : null,
        Impossible = state => state == "paused" ? "it is paused: unpause it instead" : null,
        DoAsync = (host, id, token) => host.StartAsync(id, token),
    };

    /// <summary>docker unpause.</summary>
    public static ContainerAction Unpause { get; } = new("unpause", "Unpausing", "Unpaused")
    {
        Place = ActionPlace.Primary,
        AppliesTo = state => state == "paused",
        After = "running",
        Reached = state => state == "running",
        Needless = now => now.State == "running" ? $"The container {now.Name} is not paused." : null,
        Impossible = state => state is "running" or "paused" ? null : $"it is {state}, not paused",
        DoAsync = (host, id, token) => host.ActAsync(id, "unpause", null, token),
    };

    /// <summary>docker stop.</summary>
    public static ContainerAction Stop { get; } = new("stop", "Stopping", "Stopped")
    {
        Place = ActionPlace.Menu,
        AppliesTo = state => state is "running" or "paused",
        After = "exited",
        Ends = true,
        Reached = state => state is not ("running" or "paused"),
        Needless = now => now.State is "exited" or "created" or "dead" ? $"The container {now.Name} does not run ({now.State})." : null,
        DoAsync = (host, id, token) => host.StopAsync(id, Grace, token),
    };

    /// <summary>docker restart.</summary>
    public static ContainerAction Restart { get; } = new("restart", "Restarting", "Restarted")
    {
        Place = ActionPlace.Button,
        AppliesTo = state => state == "running",
        After = "running",
        Starts = true,
        Ends = true,
        DoAsync = (host, id, token) => host.RestartAsync(id, Grace, token),
    };

    /// <summary>docker pause.</summary>
    public static ContainerAction Pause { get; } = new("pause", "Pausing", "Paused")
    {
        Place = ActionPlace.Menu,
        AppliesTo = state => state == "running",
        After = "paused",
        WhileRunning = "Its processes stand still until it is unpaused. It keeps its addresses and its workload endpoints, and is policed as before.",
        Reached = state => state == "paused",
        Needless = now => now.State == "paused" ? $"The container {now.Name} is paused already." : null,
        Impossible = state => state is "running" or "paused" ? null : $"it is {state}: only one that runs can be paused",
        DoAsync = (host, id, token) => host.ActAsync(id, "pause", null, token),
    };

    /// <summary>docker rm -f -v.</summary>
    public static ContainerAction Remove { get; } = new("remove", "Removing", "Removed")
    {
        Place = ActionPlace.Apart,
        Summary = "Removes a container, killing it first",
        Ends = true,
        WhileRunning = "It is running and is killed first. Its anonymous volumes are removed with it.",
        Call = id => $"DELETE containers/{id}?force=true&v=true",
        Command = ["docker", "rm", "-f", "-v"],
        DoAsync = (host, id, token) => host.RemoveAsync(id, force: true, token),
    };

    /// <summary>All of them, in the order in which they are offered.</summary>
    public static ImmutableArray<ContainerAction> All { get; } = [Start, Unpause, Stop, Restart, Pause, Remove];

    /// <summary>As a verb in a sentence, in addresses and in the API: start, unpause, stop, restart, pause, remove.</summary>
    public string Verb { get; }

    /// <summary>On buttons and in menus.</summary>
    public string Label { get; }

    /// <summary>Its stable name and its words.</summary>
    public OperationName Called { get; }

    /// <summary>The step's name in plan and progress.</summary>
    public string Step => $"{Verb} container";

    /// <summary>Its line in the description of the API.</summary>
    public string Summary { get => field ?? $"docker {Verb}"; private init; }

    /// <summary>Where pages offer it.</summary>
    public required ActionPlace Place { get; init; }

    /// <summary>Whether it is offered for a container in a state of Docker's.</summary>
    public Func<string, bool> AppliesTo { get; private init; } = _ => true;

    /// <summary>The container's state when it has gone through; null when there is no container any more.</summary>
    public string? After { get; private init; }

    /// <summary>Whether it starts the container: it needs the network plugin, a free name, and makes endpoints.</summary>
    public bool Starts { get; private init; }

    /// <summary>Whether it ends what runs: endpoints go and addresses are released.</summary>
    public bool Ends { get; private init; }

    /// <summary>What follows for a container that runs, beside what follows from <see cref="Ends"/>; null for nothing.</summary>
    public string? WhileRunning { get; private init; }

    /// <summary>Whether the state alone shows that it was carried out, when the console died under it; null when a state cannot show that.</summary>
    public Func<string, bool>? Reached { get; private init; }

    /// <summary>Why there is nothing to do for a container as it is now; null when there is.</summary>
    public Func<DockerContainer, string?> Needless { get; private init; } = _ => null;

    /// <summary>Why the engine refuses it in a state; null when it does not.</summary>
    public Func<string, string?> Impossible { get; private init; } = _ => null;

    /// <summary>The engine's call about a container's id, for the audit.</summary>
    public Func<string, string> Call { get => field ?? (id => $"POST containers/{id}/{Verb}"); private init; }

    /// <summary>The equivalent command, before the container's name.</summary>
    public ImmutableArray<string> Command { get => field.IsDefault ? ["docker", Verb] : field; private init; }

    /// <summary>Does it to the container of an id. Called by the executor only.</summary>
    public required Func<IDockerHost, string, CancellationToken, Task> DoAsync { get; init; }

    /// <summary>The action of a stable name such as <c>container.stop</c>; null when it is none of these.</summary>
    public static ContainerAction? Named(string operation) => All.FirstOrDefault(a => a.Called.Name == operation);

    /// <inheritdoc/>
    public override string ToString() => Verb;
}
