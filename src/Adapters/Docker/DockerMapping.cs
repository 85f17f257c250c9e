using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Ports;
using Docker.DotNet.Models;

namespace CalicoConsole.Adapters.Docker;

/// <summary>The engine's answers as the port's records.</summary>
internal static class DockerMapping
{
    /// <summary>From the raw body of GET /info: the library's model has no cluster store.</summary>
    public static DockerInfo Info(JsonElement info, string apiVersion) => new(
        info.Text("ID"),
        info.Text("Name"),
        info.Text("ServerVersion"),
        apiVersion,
        info.Text("OperatingSystem"),
        info.Text("KernelVersion"),
        info.Text("ClusterStore"),
        info.Text("ClusterAdvertise"),
        info.Member("Plugins") is { } plugins ? plugins.Texts("Network") : [])
    {
        SwarmState = info.Member("Swarm") is { ValueKind: JsonValueKind.Object } swarm ? swarm.Text("LocalNodeState") : "",
    };

    public static DockerNetwork Network(NetworkResponse network) => new(
        network.ID,
        network.Name,
        network.Driver,
        network.Scope,
        network.IPAM?.Driver ?? "",
        // Without a subnet at creation the engine shows what the IPAM driver answered: with calico-ipam the whole address space.
        [.. (network.IPAM?.Config ?? []).Select(c => c.Subnet).Where(s => !string.IsNullOrEmpty(s) && !s.EndsWith("/0", StringComparison.Ordinal))],
        Map(network.Options),
        Map(network.Labels),
        network.EnableIPv6,
        network.Internal);

    public static DockerContainer Container(ContainerListResponse container) => new(
        container.ID,
        // A linked container has further names, "/other/alias".
        (container.Names ?? []).Select(n => n.TrimStart('/')).FirstOrDefault(n => !n.Contains('/', StringComparison.Ordinal)) ?? "",
        container.Image,
        container.Command,
        container.State,
        container.Status,
        Utc(container.Created),
        Map(container.Labels),
        [
            .. (container.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>())
                .OrderBy(n => n.Key, StringComparer.Ordinal)
                .Select(n => new DockerAttachment(
                    n.Key,
                    n.Value.NetworkID ?? "",
                    n.Value.EndpointID ?? "",
                    n.Value.IPAddress ?? "",
                    n.Value.GlobalIPv6Address ?? "",
                    n.Value.IPAMConfig?.IPv4Address ?? "",
                    n.Value.MacAddress ?? "")),
        ]);

    /// <summary>From the raw body of GET /containers/ID/json: the library's model has times as text too.</summary>
    public static ContainerDetails Details(JsonElement container)
    {
        var state = container.Member("State");
        var policy = container.Member("HostConfig")?.Member("RestartPolicy")?.Text("Name");
        return new ContainerDetails(
            Time(state?.Text("StartedAt")),
            Time(state?.Text("FinishedAt")),
            state?.Number("ExitCode") ?? 0,
            state?.Text("Error") ?? "",
            string.IsNullOrEmpty(policy) ? "no" : policy);
    }

    /// <summary>From the raw body of GET /containers/ID/json.</summary>
    public static ContainerSetup Setup(JsonElement container)
    {
        var (config, host) = (container.Member("Config"), container.Member("HostConfig"));
        return new ContainerSetup(
            config?.Text("Image") ?? "",
            host?.Member("Privileged")?.ValueKind == JsonValueKind.True,
            host?.Text("NetworkMode") ?? "",
            Texts(host?.Member("Binds")),
            Texts(config?.Member("Env")))
        {
            PublishedPorts = host?.Member("PortBindings") is { ValueKind: JsonValueKind.Object } ports ? Published(ports) : [],
        };
    }

    // {"80/tcp":[{"HostIp":"","HostPort":"8080"}]}
    private static ImmutableArray<string> Published(JsonElement ports) =>
    [
        .. ports.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(p => p.Value.EnumerateArray().Where(b => b.ValueKind == JsonValueKind.Object).Select(b => b.Text("HostPort") is { Length: > 0 } port
                ? $"{port} to {p.Name}" : $"any to {p.Name}"))
            .Order(StringComparer.Ordinal),
    ];

    private static ImmutableArray<string> Texts(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!)] : [];

    public static DockerImage Image(ImagesListResponse image) => new(
        image.ID,
        [.. (image.RepoTags ?? []).Where(t => t != "<none>:<none>")],
        image.Size,
        Utc(image.Created),
        Map(image.Labels));

    public static CreateContainerParameters Create(DockerContainerRequest request)
    {
        var parameters = new CreateContainerParameters
        {
            Name = request.Name,
            Image = request.Image,
            Cmd = List(request.Command),
            Entrypoint = List(request.Entrypoint),
            Env = List(request.Environment),
            Labels = new Dictionary<string, string>(request.Labels),
            Tty = request.Interactive,
            OpenStdin = request.Interactive,
            HostConfig = new HostConfig
            {
                Binds = List(request.Binds),
                Privileged = request.Privileged,
                CapAdd = List(request.Capabilities),
                CapDrop = List(request.DroppedCapabilities),
                PidMode = request.HostPid ? "host" : "",
                AutoRemove = request.AutoRemove,
                NetworkMode = request.Network ?? "default",
                LogConfig = request.LogDriver is { } driver ? new LogConfig { Type = driver, Config = new Dictionary<string, string>() } : null!,
                RestartPolicy = new RestartPolicy { Name = request.RestartAlways ? RestartPolicyKind.Always : RestartPolicyKind.No },
            },
        };
        if (request.Network is { } network && request.IPv4 is { } address)
        {
            parameters.NetworkingConfig = new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [network] = new() { IPAMConfig = new EndpointIPAMConfig { IPv4Address = address } },
                },
            };
        }

        return parameters;
    }

    /// <summary>The body of POST /networks/create, with CheckDuplicate, which the library's model lacks.</summary>
    public static string Create(DockerNetworkRequest request) => JsonSerializer.Serialize(new
    {
        request.Name,
        CheckDuplicate = true,
        request.Driver,
        request.Internal,
        request.EnableIPv6,
        IPAM = new
        {
            Driver = request.IpamDriver,
            Config = request.Subnets.IsDefaultOrEmpty ? [] : request.Subnets.Select(s => new { Subnet = s }).ToArray(),
            Options = request.IpamOptions,
        },
        request.Options,
        request.Labels,
    });

    /// <summary>The body of POST /networks/ID/connect.</summary>
    public static string Connect(string container, string? ipv4) => ipv4 is null
        ? JsonSerializer.Serialize(new { Container = container })
        : JsonSerializer.Serialize(new { Container = container, EndpointConfig = new { IPAMConfig = new { IPv4Address = ipv4 } } });

    /// <summary>The body of POST /networks/ID/disconnect.</summary>
    public static string Disconnect(string container, bool force) => JsonSerializer.Serialize(new { Container = container, Force = force });

    public static DockerEvent Event(JsonElement message)
    {
        var actor = message.Member("Actor");
        var nanoseconds = message.Number("timeNano") ?? ((message.Number("time") ?? 0) * 1_000_000_000);
        return new DockerEvent(
            message.Text("Type"),
            message.Text("Action"),
            actor?.Text("ID") ?? "",
            actor?.Map("Attributes") ?? ImmutableSortedDictionary<string, string>.Empty,
            DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100));
    }

    /// <summary>The <c>since</c> that brings every event after an engine's own time, to the nanosecond.</summary>
    public static string? Since(string systemTime)
    {
        if (!DateTimeOffset.TryParse(systemTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return null;
        }

        // .NET rounds to 100 ns; one step back rather than an event lost.
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks - 1;
        return FormattableString.Invariant($"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:000000000}");
    }

    // Null leaves the member out, which lets the image's own value stand; the library's models do not say that they accept it.
    private static List<string> List(ImmutableArray<string> texts) => texts.IsDefaultOrEmpty ? null! : [.. texts];

    private static ImmutableSortedDictionary<string, string> Map(IDictionary<string, string>? map) =>
        map is null ? ImmutableSortedDictionary<string, string>.Empty : map.ToImmutableSortedDictionary(StringComparer.Ordinal);

    // The engine says 0001-01-01 for never.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year > 1 ? time : null;

    private static DateTimeOffset Utc(DateTime time) =>
        new(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
