using System.Globalization;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>A simulated container. Its members change under the engine's gate only.</summary>
internal sealed class Container(string id, string name, DockerContainerRequest request, SimulatedImage image, DateTimeOffset created)
{
    /// <summary>Id, 64 hexadecimal digits.</summary>
    public string Id { get; } = id;

    /// <summary>Name without a slash.</summary>
    public string Name { get; set; } = name;

    /// <summary>How it was asked for.</summary>
    public DockerContainerRequest Request { get; } = request;

    /// <summary>Its image.</summary>
    public SimulatedImage Image { get; } = image;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; } = created;

    /// <summary>created, running, restarting, removing or exited.</summary>
    public string State { get; set; } = "created";

    /// <summary>When the last run began.</summary>
    public DateTimeOffset Started { get; set; }

    /// <summary>When the last run ended.</summary>
    public DateTimeOffset Finished { get; set; }

    /// <summary>Exit code of the last run.</summary>
    public long ExitCode { get; set; }

    /// <summary>Why it could not be started; empty when it could.</summary>
    public string Error { get; set; } = "";

    /// <summary>The run going on; null when there is none.</summary>
    public ContainerRun? Run { get; set; }

    /// <summary>Its places on networks.</summary>
    public ImmutableArray<Attachment> Attachments { get; set; } = [];

    /// <summary>What it wrote.</summary>
    public ContainerLog Log { get; } = new();

    /// <summary>Completes with the exit code when the run going on, or else the next one, has ended.</summary>
    public TaskCompletionSource<long> Ended { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Program and arguments: entry point, then command, the image's where none was asked for.</summary>
    public ImmutableArray<string> CommandLine
    {
        get
        {
            var entrypoint = Request.Entrypoint.IsDefaultOrEmpty ? Image.Entrypoint : Request.Entrypoint;
            var command = !Request.Command.IsDefaultOrEmpty ? Request.Command : Request.Entrypoint.IsDefaultOrEmpty ? Image.Command : [];
            return [.. entrypoint, .. command];
        }
    }

    /// <summary>As the engine lists it.</summary>
    public DockerContainer Show(DateTimeOffset now) => new(
        Id,
        Name,
        Request.Image,
        string.Join(' ', CommandLine.Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"'{a}'" : a)),
        State,
        Status(now),
        Created.AddTicks(-(Created.Ticks % TimeSpan.TicksPerSecond)),
        Request.Labels,
        [.. Attachments.OrderBy(a => a.Network, StringComparer.Ordinal).Select(a => a.Show())]);

    /// <summary>As the engine tells it of this one container.</summary>
    public ContainerDetails Details() => new(
        Started == default ? null : Started,
        Finished == default ? null : Finished,
        ExitCode,
        Error,
        Request.RestartAlways ? "always" : "no");

    /// <summary>How it was started.</summary>
    public ContainerSetup Setup() => new(Request.Image, Request.Privileged, Request.Network ?? "default", Request.Binds, Request.Environment);

    private string Status(DateTimeOffset now) => State switch
    {
        "running" => $"Up {HumanDuration.Format(now - Started)}",
        "paused" => $"Up {HumanDuration.Format(now - Started)} (Paused)",
        "restarting" => string.Create(CultureInfo.InvariantCulture, $"Restarting ({ExitCode}) {HumanDuration.Format(now - Finished)} ago"),
        "exited" => string.Create(CultureInfo.InvariantCulture, $"Exited ({ExitCode}) {HumanDuration.Format(now - Finished)} ago"),
        "removing" => "Removal In Progress",
        _ => "Created",
    };
}

/// <summary>A container's place on a network.</summary>
/// <param name="Network">The network's name.</param>
internal sealed record Attachment(string Network)
{
    /// <summary>The network's id; empty until the container was started once.</summary>
    public string NetworkId { get; init; } = "";

    /// <summary>Docker's endpoint; empty when not running.</summary>
    public string EndpointId { get; init; } = "";

    /// <summary>The address now; empty when not running.</summary>
    public string IPv4 { get; init; } = "";

    /// <summary>The address asked for; empty when automatic.</summary>
    public string Requested { get; init; } = "";

    /// <summary>MAC; empty when not running.</summary>
    public string Mac { get; init; } = "";

    /// <summary>Whether it is on a Calico network, and so of a MAC that a plugin gave.</summary>
    public bool IsCalico => EndpointId.Length > 0 && Mac.Length > 0 && !Mac.StartsWith("02:42:", StringComparison.Ordinal);

    /// <summary>The same place without what a run gave it.</summary>
    public Attachment Rest() => this with { EndpointId = "", IPv4 = "", Mac = "" };

    /// <summary>As the engine lists it.</summary>
    public DockerAttachment Show() => new(Network, NetworkId, EndpointId, IPv4, "", Requested, Mac);
}

/// <summary>A run of a container: its program, and the means to end it.</summary>
internal sealed class ContainerRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    public ContainerRun() => Stop = _stop.Token;

    /// <summary>The signal that ends the program.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The program; completes with its exit code.</summary>
    public Task<long> Program { get; set; } = Task.FromResult(0L);

    /// <summary>What answers a program that is run beside it.</summary>
    public Programs.IContainerProgram? Behaviour { get; set; }

    /// <summary>Ends the program, if the run is not over.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _stop.Cancel();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }
}
