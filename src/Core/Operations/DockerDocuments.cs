using System.Text.Encodings.Web;
using System.Text.Json;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations;

/// <summary>Docker objects as readable JSON, in Docker's own member names as far as it has them.</summary>
internal static class DockerDocuments
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Container(DockerContainerRequest r) => JsonSerializer.Serialize(
        new
        {
            Name = r.Name,
            Image = r.Image,
            Entrypoint = r.Entrypoint.IsEmpty ? null : r.Entrypoint.ToArray(),
            Cmd = r.Command.ToArray(),
            Env = r.Environment.ToArray(),
            Labels = r.Labels,
            Network = r.Network ?? "default",
            IPv4Address = r.IPv4 ?? "",
            Binds = r.Binds.ToArray(),
            Privileged = r.Privileged,
            RestartPolicy = r.RestartAlways ? "always" : "no",
            Tty = r.Interactive,
        },
        Readable);

    public static string Container(DockerContainer c, string? state = null) => JsonSerializer.Serialize(
        new
        {
            Name = c.Name,
            Id = c.Id,
            Image = c.Image,
            Command = c.Command,
            State = state ?? c.State,
            Labels = c.Labels,
            Networks = c.Networks.Select(n => new { n.NetworkName, n.NetworkId, n.EndpointId, IPAddress = n.IPv4, n.MacAddress }).ToArray(),
        },
        Readable);

    public static string Network(DockerNetworkRequest r) => JsonSerializer.Serialize(
        new { r.Name, r.Driver, IPAM = new { Driver = r.IpamDriver, Subnets = r.Subnets.ToArray() }, r.Options, r.Labels },
        Readable);

    public static string Network(DockerNetwork n) => JsonSerializer.Serialize(
        new { n.Name, n.Id, n.Driver, n.Scope, IPAM = new { Driver = n.IpamDriver, Subnets = n.Subnets.ToArray() }, n.Options, n.Labels, n.Internal },
        Readable);
}
