using System.Diagnostics.CodeAnalysis;

namespace CalicoConsole.Adapters.Docker;

/// <summary>A parsed engine address.</summary>
/// <param name="Display">As shown to people, without secrets.</param>
/// <param name="SocketPath">Path of a unix socket; null for TCP.</param>
/// <param name="Base">The address that HTTP requests carry.</param>
internal sealed record DockerEndpoint(string Display, string? SocketPath, Uri Base)
{
    // sun_path holds 108 bytes with its terminating zero (source: unix(7)).
    private const int LongestSocketPath = 107;

    /// <summary>Whether the connection is by TLS.</summary>
    public bool IsTls => Base.Scheme == Uri.UriSchemeHttps;

    public static bool TryParse(string text, bool withTls, [NotNullWhen(true)] out DockerEndpoint? endpoint, [NotNullWhen(false)] out string? reason)
    {
        endpoint = null;
        reason = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            reason = "is missing. Give unix:///var/run/docker.sock, tcp://host:2375, or tcp://host:2376 with TlsDirectory.";
            return false;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("unix" or "tcp" or "http" or "https"))
        {
            reason = $"'{text}' is not an address of a Docker Engine: unix:///path, tcp://host:port, http://host:port or https://host:port.";
            return false;
        }

        if (uri.Scheme == "unix")
        {
            var path = Uri.UnescapeDataString(uri.AbsolutePath);
            if (uri.Host.Length > 0 || path.Length < 2)
            {
                reason = $"'{text}' names no absolute path; a unix socket has three slashes: unix:///var/run/docker.sock.";
                return false;
            }

            if (System.Text.Encoding.UTF8.GetByteCount(path) > LongestSocketPath)
            {
                reason = $"'{path}' is longer than the {LongestSocketPath} bytes that a unix socket's path may have.";
                return false;
            }

            endpoint = new DockerEndpoint("unix://" + path, path, new Uri("http://docker/"));
            return true;
        }

        if (uri.Host.Length == 0 || uri.AbsolutePath.Length > 1 || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            reason = $"'{uri.Scheme}://{uri.Host}' must have a host and may have a port, nothing else.";
            return false;
        }

        var tls = uri.Scheme == "https" || (uri.Scheme == "tcp" && withTls);
        // Uri fills in 80 and 443 for http and https; the engine's own ports are meant when none is written.
        var port = uri.IsDefaultPort || uri.Port < 0 ? (tls ? 2376 : 2375) : uri.Port;
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        endpoint = new DockerEndpoint($"{uri.Scheme}://{host}:{port}", null, new Uri($"{(tls ? "https" : "http")}://{host}:{port}/"));
        return true;
    }
}
