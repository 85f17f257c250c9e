using System.Globalization;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations.Nodes;

/// <summary>
/// The container that <c>calicoctl node run</c> 1.6.3 starts, from its options (docs/calico-v1.md#calico-node; golden <c>node/*-dryrun-*</c>). Pure.
/// </summary>
public static class CalicoNodeContainer
{
    /// <summary>The line by which calico/node says that it runs (calicoctl 1.6.3 waits for the same).</summary>
    public const string StartedLine = "Calico node started successfully";

    /// <summary>The request. The options must be valid.</summary>
    /// <param name="options">calicoctl's options.</param>
    /// <param name="nodeName">The node's name: the option, or the engine's host name.</param>
    /// <param name="etcdEndpoints">ETCD_ENDPOINTS as the host reaches them.</param>
    public static DockerContainerRequest Request(CalicoNodeOptions options, string nodeName, string etcdEndpoints) =>
        new(HostLookup.NodeContainerName, options.Image)
        {
            Network = "host",
            Privileged = true,
            RestartAlways = true,
            Environment = [.. Environment(options, nodeName, etcdEndpoints)],
            Binds = [.. Binds(options)],
            // The deployment waits for a line of its log, which the engine's default driver may not be able to give back.
            LogDriver = DockerContainerRequest.ReadableLogDriver,
        };

    /// <summary>The docker command, with arguments in calicoctl's order.</summary>
    public static string Command(DockerContainerRequest request)
    {
        List<string> line = ["docker", "run", "--net=host", "--privileged", $"--name={request.Name}", "-d", "--restart=always"];
        line.AddRange(request.LogDriver is { } driver ? [$"--log-driver={driver}"] : []);
        line.AddRange(request.Environment.SelectMany(e => (string[])["-e", e]));
        line.AddRange(request.Binds.SelectMany(b => (string[])["-v", b]));
        line.Add(request.Image);
        return ShellCommand.Join(line);
    }

    /// <summary>The <c>calicoctl node run</c> that would do the same on the host; only what differs from calicoctl's defaults.</summary>
    public static string CalicoctlCommand(CalicoNodeOptions options, string etcdEndpoints)
    {
        List<string> line = ["calicoctl", "node", "run"];
        Add("--name", options.Name);
        Add("--ip", options.Ip);
        Add("--ip6", options.Ip6);
        Add("--as", options.As);
        Add("--ip-autodetection-method", IsFirstFound(options.IpAutodetectionMethod) ? "" : options.IpAutodetectionMethod);
        Add("--ip6-autodetection-method", IsFirstFound(options.Ip6AutodetectionMethod) ? "" : options.Ip6AutodetectionMethod);
        Add("--log-dir", options.LogDir == "/var/log/calico" ? "" : options.LogDir);
        Add("--node-image", options.Image);
        Add("--backend", options.Backend == "bird" ? "" : options.Backend);
        Flag("--no-default-ippools", options.NoDefaultIpPools);
        Flag("--disable-docker-networking", options.DisableDockerNetworking);
        Add("--docker-networking-ifprefix", options.DockerNetworkingIfPrefix == "cali" ? "" : options.DockerNetworkingIfPrefix);
        Flag("--use-docker-networking-container-labels", options.UseDockerNetworkingContainerLabels);
        return $"sudo ETCD_ENDPOINTS={ShellCommand.Quote(etcdEndpoints)} {ShellCommand.Join(line)}";

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                line.Add($"{name}={value}");
            }
        }

        void Flag(string name, bool on)
        {
            if (on)
            {
                line.Add(name);
            }
        }
    }

    /// <summary>
    /// etcd's addresses from a Docker cluster store: <c>etcd://a:p,b:p/path</c> gives <c>http://a:p,http://b:p</c>; the path is Docker's own.
    /// Empty when the store is not etcd.
    /// </summary>
    public static string EndpointsOfClusterStore(string clusterStore)
    {
        const string Scheme = "etcd://";
        if (!clusterStore.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return "";
        }

        var rest = clusterStore[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authorities = (slash < 0 ? rest : rest[..slash]).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(',', authorities.Select(a => $"http://{a}"));
    }

    internal static bool IsFirstFound(string method) => method is "" or "first-found";

    private static IEnumerable<string> Environment(CalicoNodeOptions options, string nodeName, string etcdEndpoints)
    {
        var docker = !options.DisableDockerNetworking;
        yield return $"NODENAME={nodeName}";
        yield return $"CALICO_NETWORKING_BACKEND={(options.Backend.Length == 0 ? "bird" : options.Backend)}";
        yield return $"CALICO_LIBNETWORK_ENABLED={(docker ? "true" : "false")}";
        yield return $"ETCD_ENDPOINTS={etcdEndpoints}";
        if (options.NoDefaultIpPools)
        {
            yield return "NO_DEFAULT_POOLS=true";
        }

        if (options.Ip.Length > 0)
        {
            yield return $"IP={options.Ip}";
        }

        if (options.Ip6.Length > 0)
        {
            yield return $"IP6={options.Ip6}";
        }

        if (AsNumbers.TryParse(options.As, out var number))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"AS={number}");
        }

        if (!IsFirstFound(options.IpAutodetectionMethod))
        {
            yield return $"IP_AUTODETECTION_METHOD={options.IpAutodetectionMethod}";
        }

        if (!IsFirstFound(options.Ip6AutodetectionMethod))
        {
            yield return $"IP6_AUTODETECTION_METHOD={options.Ip6AutodetectionMethod}";
        }

        if (docker && options.DockerNetworkingIfPrefix is not ("" or "cali"))
        {
            yield return $"CALICO_LIBNETWORK_IFPREFIX={options.DockerNetworkingIfPrefix}";
        }

        if (options.UseDockerNetworkingContainerLabels)
        {
            yield return "CALICO_LIBNETWORK_CREATE_PROFILES=false";
            yield return "CALICO_LIBNETWORK_LABEL_ENDPOINTS=true";
        }
    }

    private static IEnumerable<string> Binds(CalicoNodeOptions options)
    {
        yield return $"{options.LogDir}:/var/log/calico";
        yield return "/var/run/calico:/var/run/calico";
        yield return "/lib/modules:/lib/modules";
        yield return "/run:/run";
        if (!options.DisableDockerNetworking)
        {
            yield return "/run/docker/plugins:/run/docker/plugins";
            yield return "/var/run/docker.sock:/var/run/docker.sock";
        }
    }
}
