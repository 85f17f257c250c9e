using System.Text.Json;
using System.Text.Json.Nodes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>Which workload endpoints an extra profile is for: those of a Docker network, those of a container, or one endpoint by its identity.</summary>
public sealed record AttachmentTarget
{
    private AttachmentTarget()
    {
    }

    /// <summary>Name of a Docker network that the calico driver serves; null for other targets.</summary>
    public string? Network { get; private init; }

    /// <summary>Configured name of the container's Docker host; null for other targets.</summary>
    public string? Host { get; private init; }

    /// <summary>The container's name; null for other targets.</summary>
    public string? Container { get; private init; }

    /// <summary>One endpoint; null for other targets.</summary>
    public WorkloadEndpointId? Endpoint { get; private init; }

    /// <summary>Whether it still means the same after a restart, so that it can be remembered: an endpoint's identity does not survive one.</summary>
    public bool Lasts => Endpoint is null;

    /// <summary>For people and for names: <c>network my_net</c>, <c>container docker01/web</c>, <c>endpoint node/orchestrator/workload/name</c>.</summary>
    public string Name => Network is not null ? $"network {Network}" : Container is not null
        ? $"container {Host}/{Container}" : $"endpoint {Endpoint!.Value.Node}/{Endpoint.Value.Orchestrator}/{Endpoint.Value.Workload}/{Endpoint.Value.Name}";

    /// <summary>Every endpoint of a network's containers.</summary>
    public static AttachmentTarget OfNetwork(string network) => new() { Network = network };

    /// <summary>Every endpoint of a container.</summary>
    public static AttachmentTarget OfContainer(string host, string container) => new() { Host = host, Container = container };

    /// <summary>One endpoint.</summary>
    public static AttachmentTarget OfEndpoint(WorkloadEndpointId endpoint) => new() { Endpoint = endpoint };

    /// <summary>The endpoints that it means now, in the order of their keys.</summary>
    public IEnumerable<Stored<WorkloadEndpoint>> Endpoints(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return (Endpoint is { } one
            ? snapshot.Calico.WorkloadEndpoints.Values.Where(e => e.Value.Id == one)
            : snapshot.Views.Containers.Values.Where(c => Container is null || (c.Host == Host && c.Container.Name == Container))
                .SelectMany(c => c.Endpoints.Where(e => Network is null || e.Attachment.NetworkName == Network).Select(e => e.Endpoint)
                    .OfType<Stored<WorkloadEndpoint>>()))
            .OrderBy(e => e.Keys[0].Key, StringComparer.Ordinal);
    }
}

/// <summary>A remembered attachment: the endpoints of a target get a profile again whenever they come back without it.</summary>
/// <param name="Profile">The extra profile.</param>
/// <param name="Target">For whom.</param>
public sealed record Attachment(string Profile, AttachmentTarget Target)
{
    /// <summary>Its name among what is kept.</summary>
    public string Name => $"{Profile} on {Target.Name}";

    /// <summary>Those that a snapshot keeps and that can be read, by name.</summary>
    public static IEnumerable<Attachment> All(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Kept.Values.Where(i => i.Kind == KeptKinds.Attachment).Select(i => Read(i.Json)).OfType<Attachment>();
    }

    /// <summary>
    /// The endpoints that should have the profile now and lack it; empty while the profile does not exist, because a missing profile denies everything.
    /// What is remembered for a container goes before what is remembered for its network.
    /// </summary>
    public IEnumerable<Stored<WorkloadEndpoint>> Lacking(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (!snapshot.Calico.Profiles.ContainsKey(Profile))
        {
            return [];
        }

        var excepted = Excepted(snapshot);
        return Target.Endpoints(snapshot).Where(e => !e.Value.ProfileIds.Contains(Profile) && !excepted.Contains(e.Value.Id));
    }

    /// <summary>Endpoints of a network from whose containers the profile is kept off.</summary>
    internal HashSet<WorkloadEndpointId> Excepted(ClusterSnapshot snapshot) => Target.Network is null
        ? []
        : [.. Detachment.All(snapshot).Where(d => d.Profile == Profile && d.Target.Container is not null).SelectMany(d => d.Target.Endpoints(snapshot))
            .Select(e => e.Value.Id)];

    /// <summary>The document that is kept.</summary>
    public string Json() => (Target.Network is { } network
        ? new JsonObject { ["profile"] = Profile, ["network"] = network }
        : new JsonObject { ["profile"] = Profile, ["host"] = Target.Host, ["container"] = Target.Container }).ToJsonString();

    /// <summary>Reads a kept document; null when it is none.</summary>
    public static Attachment? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return (Text(root, "profile"), Text(root, "network"), Text(root, "host"), Text(root, "container")) switch
            {
                ({ } profile, { } network, _, _) => new Attachment(profile, AttachmentTarget.OfNetwork(network)),
                ({ } profile, null, { } host, { } container) => new Attachment(profile, AttachmentTarget.OfContainer(host, container)),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
