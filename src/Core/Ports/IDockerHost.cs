namespace CalicoConsole.Core.Ports;

/// <summary>One Docker Engine (API 1.41 and older; source: Docker Engine API reference). Safe for concurrent use.</summary>
/// <remarks>
/// Every call has its own time limit. Failures are <see cref="DockerHostException"/>: the engine's own words in
/// <see cref="Exception.Message"/>, with <see cref="DockerHostException.Status"/> 0 when it could not be reached.
/// </remarks>
public interface IDockerHost
{
    /// <summary>The name under which the host is configured. The engine's own name is in <see cref="DockerInfo.Name"/>.</summary>
    string Name { get; }

    /// <summary>Where it is reached, without secrets.</summary>
    string Address { get; }

    /// <summary>Asks whether the engine answers: the cheapest question there is.</summary>
    Task PingAsync(CancellationToken cancellationToken) => InfoAsync(cancellationToken);

    /// <summary>The engine's facts.</summary>
    Task<DockerInfo> InfoAsync(CancellationToken cancellationToken);

    /// <summary>All networks the engine knows.</summary>
    Task<ImmutableArray<DockerNetwork>> NetworksAsync(CancellationToken cancellationToken);

    /// <summary>All containers, stopped ones too.</summary>
    Task<ImmutableArray<DockerContainer>> ContainersAsync(CancellationToken cancellationToken);

    /// <summary>One container by id or name; null when there is none. Answers at once, as the list does.</summary>
    Task<DockerContainer?> ContainerAsync(string idOrName, CancellationToken cancellationToken);

    /// <summary>
    /// What only the container itself tells; null when there is none. An engine holds this back for as long as the container waits for something,
    /// such as a network plugin that is gone: then it fails with status 0.
    /// </summary>
    Task<ContainerDetails?> DetailsAsync(string id, CancellationToken cancellationToken);

    /// <summary>How a container was started; null when there is none. It holds variables with secrets: nobody keeps or shows them as they are.</summary>
    Task<ContainerSetup?> SetupAsync(string id, CancellationToken cancellationToken);

    /// <summary>All images.</summary>
    Task<ImmutableArray<DockerImage>> ImagesAsync(CancellationToken cancellationToken);

    /// <summary>Creates a network (with CheckDuplicate) and answers its id.</summary>
    Task<string> CreateNetworkAsync(DockerNetworkRequest request, CancellationToken cancellationToken);

    /// <summary>Removes a network by id.</summary>
    Task RemoveNetworkAsync(string id, CancellationToken cancellationToken);

    /// <summary>Creates a container and answers its id. The image must be there.</summary>
    Task<string> CreateContainerAsync(DockerContainerRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Does what the engine does for <c>POST containers/{id}/{call}</c>: start, stop, restart, pause, unpause. A call that ends the container kills it after
    /// <paramref name="grace"/>; null for calls that know no grace.
    /// </summary>
    Task ActAsync(string id, string call, TimeSpan? grace, CancellationToken cancellationToken);

    /// <summary>Removes a container, with its anonymous volumes; <paramref name="force"/> kills it first.</summary>
    Task RemoveAsync(string id, bool force, CancellationToken cancellationToken);

    /// <summary>Gives a container another name.</summary>
    Task RenameAsync(string id, string name, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a container on a network, with a fixed IPv4 address or, when it is null, an automatic one; one that does not run gets its place at its next start.
    /// </summary>
    Task ConnectAsync(string networkId, string containerId, string? ipv4, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a container off a network. With <paramref name="force"/> and a name that is no container of this engine, the endpoint of that name goes from the
    /// network, whoever made it: also that of a container which runs on another host.
    /// </summary>
    Task DisconnectAsync(string networkId, string container, bool force, CancellationToken cancellationToken);

    /// <summary>
    /// The text after a running container's last line end, each time that it changes, until the container ends or the token is cancelled; empty when there is
    /// none.
    /// <see cref="LogsAsync"/> gives a line only once it has ended.
    /// </summary>
    IAsyncEnumerable<DockerOutputLine> UnfinishedAsync(string id, CancellationToken cancellationToken);

    /// <summary>Waits until a container ends and answers its exit code.</summary>
    Task<long> WaitAsync(string id, CancellationToken cancellationToken);

    /// <summary>Pulls an image; ends when it is there, throws with the registry's words when not.</summary>
    IAsyncEnumerable<DockerPullProgress> PullAsync(string image, CancellationToken cancellationToken);

    /// <summary>Output lines of a container; with <paramref name="follow"/> until it ends or the token is cancelled.</summary>
    IAsyncEnumerable<DockerOutputLine> LogsAsync(string id, bool follow, int? tail, CancellationToken cancellationToken);

    /// <summary>Runs a program in a running container, without a shell; lines as they come, then its exit code in the last element.</summary>
    IAsyncEnumerable<DockerExecOutput> ExecAsync(string id, ImmutableArray<string> command, CancellationToken cancellationToken);

    /// <summary>
    /// What a container writes, byte by byte, from the moment of attaching until it ends. To be attached before it starts; <paramref name="attached"/> is
    /// called then. An engine holds up a program that writes to somebody attached who does not read.
    /// </summary>
    IAsyncEnumerable<DockerBytes> AttachAsync(string id, Action? attached, CancellationToken cancellationToken) =>
        throw new DockerHostException(Name, 501, $"{Name} does not simulate what a program writes byte by byte");

    /// <summary>Loads an archive of images, as <c>docker load</c> does, and answers what the engine says it loaded.</summary>
    Task<ImmutableArray<string>> LoadImageAsync(Stream archive, CancellationToken cancellationToken) =>
        throw new DockerHostException(Name, 501, $"{Name} does not simulate the loading of images");

    /// <summary>Sends a signal to a container's program, such as <c>SIGINT</c>.</summary>
    Task SignalAsync(string id, string signal, CancellationToken cancellationToken) =>
        throw new DockerHostException(Name, 501, $"{Name} does not simulate signals");

    /// <summary>
    /// Events from now on, until the connection ends (which throws) or the token is cancelled. <paramref name="opened"/> is called once the stream is open.
    /// </summary>
    IAsyncEnumerable<DockerEvent> EventsAsync(Action? opened, CancellationToken cancellationToken);
}

/// <summary>A Docker Engine refused or could not be reached.</summary>
/// <param name="host">The configured host name.</param>
/// <param name="status">The HTTP status; 0 when unreachable or out of time.</param>
/// <param name="message">The engine's own words.</param>
/// <param name="inner">The cause.</param>
public sealed class DockerHostException(string host, int status, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The configured host name.</summary>
    public string Host { get; } = host;

    /// <summary>The HTTP status; 0 when unreachable or out of time.</summary>
    public int Status { get; } = status;
}

/// <summary>What an engine says of itself.</summary>
/// <param name="Id">Engine id.</param>
/// <param name="Name">The host's name as the engine sees it: Calico's node name by default.</param>
/// <param name="ServerVersion">Engine version.</param>
/// <param name="ApiVersion">Highest API version it speaks.</param>
/// <param name="OperatingSystem">Name of the operating system.</param>
/// <param name="KernelVersion">Kernel release.</param>
/// <param name="ClusterStore">The <c>--cluster-store</c> address; empty when none.</param>
/// <param name="ClusterAdvertise">The <c>--cluster-advertise</c> address; empty when none.</param>
/// <param name="NetworkPlugins">Network drivers that the engine has loaded.</param>
public sealed record DockerInfo(
    string Id,
    string Name,
    string ServerVersion,
    string ApiVersion,
    string OperatingSystem,
    string KernelVersion,
    string ClusterStore,
    string ClusterAdvertise,
    ImmutableArray<string> NetworkPlugins)
{
    /// <summary>The engine's part in a swarm: <c>inactive</c>, <c>pending</c>, <c>active</c>, <c>error</c>, <c>locked</c>; empty if unsaid.</summary>
    public string SwarmState { get; init; } = "";
}

/// <summary>A Docker network.</summary>
/// <param name="Id">Id, 64 hexadecimal digits.</param>
/// <param name="Name">Name.</param>
/// <param name="Driver">Network driver.</param>
/// <param name="Scope">local, global or swarm.</param>
/// <param name="IpamDriver">IPAM driver.</param>
/// <param name="Subnets">Subnets asked for; empty when none was given.</param>
/// <param name="Options">Driver options.</param>
/// <param name="Labels">Labels.</param>
/// <param name="EnableIPv6">Whether IPv6 is on.</param>
/// <param name="Internal">Whether it is internal.</param>
public sealed record DockerNetwork(
    string Id,
    string Name,
    string Driver,
    string Scope,
    string IpamDriver,
    ImmutableArray<string> Subnets,
    ImmutableSortedDictionary<string, string> Options,
    ImmutableSortedDictionary<string, string> Labels,
    bool EnableIPv6,
    bool Internal);

/// <summary>A container.</summary>
/// <param name="Id">Id, 64 hexadecimal digits.</param>
/// <param name="Name">Name without the leading slash.</param>
/// <param name="Image">Image as given at creation.</param>
/// <param name="Command">Command line as the engine shows it.</param>
/// <param name="State">created, running, paused, restarting, removing, exited or dead.</param>
/// <param name="Status">The engine's words at the moment of the list, such as "Up 3 minutes"; what holds later is told by
/// <see cref="ContainerDetails"/>.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Networks">Its attachments.</param>
public sealed record DockerContainer(
    string Id,
    string Name,
    string Image,
    string Command,
    string State,
    string Status,
    DateTimeOffset Created,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableArray<DockerAttachment> Networks)
{
    /// <summary>What only the container itself tells; null while it was not looked at.</summary>
    public ContainerDetails? Details { get; init; }

    /// <summary>The engine answers, but not for this container, so that its state may be old: its network plugin is gone, for example.</summary>
    public bool Unanswered { get; init; }
}

/// <summary>What an engine tells of a container only when it is asked for this one.</summary>
/// <param name="Started">When its last run began; null when it never ran.</param>
/// <param name="Finished">When its last run ended; null when none has.</param>
/// <param name="ExitCode">Exit code of the last run that ended.</param>
/// <param name="Error">Why the engine could not start it; empty when there is nothing to say.</param>
/// <param name="RestartPolicy">no, always, on-failure or unless-stopped.</param>
public sealed record ContainerDetails(DateTimeOffset? Started, DateTimeOffset? Finished, long ExitCode, string Error, string RestartPolicy);

/// <summary>How a container was started.</summary>
/// <param name="Image">Its image as given.</param>
/// <param name="Privileged">Full privileges on the host.</param>
/// <param name="NetworkMode">host, bridge, a network's name, ….</param>
/// <param name="Binds">Bind mounts, <c>host:container[:options]</c>.</param>
/// <param name="Environment">NAME=value, those of the image included.</param>
public sealed record ContainerSetup(string Image, bool Privileged, string NetworkMode, ImmutableArray<string> Binds, ImmutableArray<string> Environment)
{
    /// <summary>Ports that it was asked to publish, as <c>8080 to 80/tcp</c>, sorted.</summary>
    public ImmutableArray<string> PublishedPorts { get; init; } = [];
}

/// <summary>A container's place on a network.</summary>
/// <param name="NetworkName">Network name.</param>
/// <param name="NetworkId">Network id.</param>
/// <param name="EndpointId">Endpoint id: the workload endpoint's name in Calico; empty when not running.</param>
/// <param name="IPv4">Address now; empty when not running.</param>
/// <param name="IPv6">Address now; empty when none.</param>
/// <param name="RequestedIPv4">Address asked for at creation; empty when automatic or unknown.</param>
/// <param name="MacAddress">MAC; empty when not running.</param>
public sealed record DockerAttachment(
    string NetworkName,
    string NetworkId,
    string EndpointId,
    string IPv4,
    string IPv6,
    string RequestedIPv4,
    string MacAddress);

/// <summary>An image.</summary>
public sealed record DockerImage(string Id, ImmutableArray<string> Tags, long Bytes, DateTimeOffset Created, ImmutableSortedDictionary<string, string> Labels);

/// <summary>A network to create (<c>docker network create</c>).</summary>
public sealed record DockerNetworkRequest(string Name, string Driver, string IpamDriver, ImmutableArray<string> Subnets)
{
    /// <summary>Driver options.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>IPAM options.</summary>
    public ImmutableSortedDictionary<string, string> IpamOptions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether IPv6 is on.</summary>
    public bool EnableIPv6 { get; init; }

    /// <summary>Whether it is internal; the calico driver refuses that.</summary>
    public bool Internal { get; init; }
}

/// <summary>A container to create (<c>docker create</c>).</summary>
public sealed record DockerContainerRequest(string Name, string Image)
{
    /// <summary>Program and arguments; empty uses the image's.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Replaces the image's entry point; empty uses the image's.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>NAME=value.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Bind mounts, <c>host:container[:options]</c>.</summary>
    public ImmutableArray<string> Binds { get; init; } = [];

    /// <summary>A network's id, <c>host</c>, <c>none</c>, <c>container:ID</c> for that container's own, or null for the engine's default.</summary>
    public string? Network { get; init; }

    /// <summary>A fixed IPv4 address on <see cref="Network"/>.</summary>
    public string? IPv4 { get; init; }

    /// <summary>Full privileges on the host.</summary>
    public bool Privileged { get; init; }

    /// <summary>Capabilities beyond the engine's usual ones, such as <c>NET_ADMIN</c>.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Use the host's process ids.</summary>
    public bool HostPid { get; init; }

    /// <summary>Restart policy <c>always</c>.</summary>
    public bool RestartAlways { get; init; }

    /// <summary>Keep standard input open and give a terminal, as <c>docker run -tid</c>.</summary>
    public bool Interactive { get; init; }

    /// <summary>Remove the container when it ends.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Capabilities of the engine's usual ones that are taken away, such as <c>ALL</c>.</summary>
    public ImmutableArray<string> DroppedCapabilities { get; init; } = [];

    /// <summary>The log driver; null uses the engine's default, whose output cannot always be read back (<c>none</c>, <c>gelf</c>, <c>syslog</c>, …).</summary>
    public string? LogDriver { get; init; }

    /// <summary>The log driver whose output every engine can read back, for containers whose output the console needs.</summary>
    public const string ReadableLogDriver = "json-file";

    /// <summary>The log driver that keeps nothing, for containers whose output goes to somebody attached.</summary>
    public const string NoLogDriver = "none";
}

/// <summary>A piece of what a container writes.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsError">Whether they came from standard error.</param>
public readonly record struct DockerBytes(ReadOnlyMemory<byte> Bytes, bool IsError);

/// <summary>Progress of a pull.</summary>
/// <param name="Layer">Layer id; empty for words about the whole image.</param>
/// <param name="Status">The engine's words.</param>
/// <param name="CurrentBytes">Bytes done; null when not applicable.</param>
/// <param name="TotalBytes">Bytes in all; null when not applicable.</param>
public sealed record DockerPullProgress(string Layer, string Status, long? CurrentBytes, long? TotalBytes);

/// <summary>A line of output.</summary>
public sealed record DockerOutputLine(bool IsError, string Text);

/// <summary>Output of an exec: a line, or at the end its exit code.</summary>
public sealed record DockerExecOutput(DockerOutputLine? Line, long? ExitCode);

/// <summary>An event of the engine.</summary>
/// <param name="Type">container, network, image, volume, plugin, daemon.</param>
/// <param name="Action">create, start, die, destroy, connect, disconnect, ….</param>
/// <param name="ActorId">Id of the object.</param>
/// <param name="Attributes">Attributes, such as <c>name</c>.</param>
/// <param name="At">When.</param>
public sealed record DockerEvent(string Type, string Action, string ActorId, ImmutableSortedDictionary<string, string> Attributes, DateTimeOffset At);
