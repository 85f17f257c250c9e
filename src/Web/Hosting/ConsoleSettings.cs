using System.Collections.Immutable;
using CalicoConsole.Sandbox;

namespace CalicoConsole.Web.Hosting;

/// <summary>What stands behind the console.</summary>
public enum ConsoleMode
{
    /// <summary>A configured datastore.</summary>
    Live,

    /// <summary>No datastore is configured: a cluster inside this process. Nothing else is contacted.</summary>
    Sandbox,
}

/// <summary>The console's configuration, read whole and valid. Made by <see cref="ConsoleSettingsReader"/>.</summary>
public sealed record ConsoleSettings
{
    /// <summary>What stands behind the console.</summary>
    public ConsoleMode Mode => Etcd is null ? ConsoleMode.Sandbox : ConsoleMode.Live;

    /// <summary><c>Cluster:Name</c>, shown in the title bar.</summary>
    public required string ClusterName { get; init; }

    /// <summary><c>Cluster:Kind</c>: <c>live</c> or <c>lab</c>, or <c>sandbox</c> without a datastore; shown beside the name.</summary>
    public required string ClusterKind { get; init; }

    /// <summary>Whether faults may be made on purpose: in a sandbox and in a lab.</summary>
    public bool OffersScenes => ClusterKind is "sandbox" or "lab";

    /// <summary>The datastore; null for the sandbox.</summary>
    public EtcdSettings? Etcd { get; init; }

    /// <summary><c>Docker:Hosts</c>; the sandbox has hosts of its own.</summary>
    public ImmutableArray<DockerHostSettings> DockerHosts { get; init; } = [];

    /// <summary><c>Helpers:Image</c> and <c>Helpers:ImageArchive</c>: what captures run in.</summary>
    public Core.Operations.Helpers.HelperImage Helper { get; init; } = new(Core.Operations.Helpers.HelperImage.Usual, null);

    /// <summary><c>ConnectionStrings:Console</c>, a SQLite connection string with an absolute data source.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The folder of the database, which also holds the data-protection keys.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Fewest characters of a bearer token: what is shorter can be guessed, and is not accepted.</summary>
    public const int ShortestToken = 32;

    /// <summary>The API's bearer token; null when none that can be accepted is configured, and then every API call is answered 401.</summary>
    public Secret? ApiToken { get; init; }

    /// <summary>Whether a token is configured that is shorter than <see cref="ShortestToken"/>: the console starts, and its API stays closed.</summary>
    public bool ApiTokenTooShort { get; init; }

    /// <summary><c>Auth:AllowRemote</c>: may listen on other addresses than loopback.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>Whether every configured address is a loopback address.</summary>
    public bool LoopbackOnly { get; init; } = true;

    /// <summary><c>Proxy:Known</c>: proxies whose word about the client's address, scheme and host counts.</summary>
    public ImmutableArray<System.Net.IPNetwork> KnownProxies { get; init; } = [];

    /// <summary><c>PathBase</c>: the path below which the console lives behind a proxy, such as <c>/calico</c>; empty for the root.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>Names of the Docker hosts behind the console.</summary>
    public IEnumerable<string> HostNames => Mode == ConsoleMode.Sandbox ? SandboxCluster.HostNames : DockerHosts.Select(h => h.Name);

    /// <summary>Whether pages ask for a sign-in: not for a sandbox that only this machine can reach, which one behind a proxy is not.</summary>
    public bool RequiresSignIn => Mode == ConsoleMode.Live || !LoopbackOnly || !KnownProxies.IsEmpty;
}

/// <summary>How etcd is reached: settings <c>Etcd:*</c>, else the variables <c>ETCD_*</c>, else the file named by <c>Cluster:CalicoctlConfig</c>.</summary>
public sealed record EtcdSettings
{
    /// <summary>Client addresses.</summary>
    public required ImmutableArray<string> Endpoints { get; init; }

    /// <summary>User; null without authentication.</summary>
    public string? Username { get; init; }

    /// <summary>Password of <see cref="Username"/>.</summary>
    public Secret? Password { get; init; }

    /// <summary>PEM file of the authority that signed the servers' certificates; null takes the system's.</summary>
    public string? CaCertFile { get; init; }

    /// <summary>PEM file of the client certificate.</summary>
    public string? CertFile { get; init; }

    /// <summary>PEM file of the client certificate's key.</summary>
    public string? KeyFile { get; init; }
}

/// <summary>One entry of <c>Docker:Hosts</c>.</summary>
/// <param name="Name">The name under which the console shows it.</param>
/// <param name="Endpoint"><c>unix:///path</c>, <c>tcp://host:port</c>, <c>http://</c> or <c>https://</c>.</param>
/// <param name="TlsDirectory">Folder with <c>ca.pem</c>, <c>cert.pem</c>, <c>key.pem</c>; null without TLS.</param>
public sealed record DockerHostSettings(string Name, Uri Endpoint, string? TlsDirectory);

/// <summary>A text that must not reach logs or pages: its text form is three stars.</summary>
/// <param name="value">The text.</param>
public sealed class Secret(string value)
{
    /// <summary>The text itself.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";
}

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Setting">Name of the setting, as it is written in configuration.</param>
/// <param name="Reason">What is wrong and what is expected.</param>
public sealed record SettingError(string Setting, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Setting}: {Reason}";
}

/// <summary>The configuration cannot be used. Carries every error, not only the first.</summary>
public sealed class SettingsException(ImmutableArray<SettingError> errors)
    : Exception("The configuration is wrong:" + string.Concat(errors.Select(e => $"{Environment.NewLine}  {e}")))
{
    /// <summary>Every error.</summary>
    public ImmutableArray<SettingError> Errors { get; } = errors;
}
