namespace CalicoConsole.Web.Hosting;

/// <summary>Reads one entry of <c>Docker:Hosts</c>.</summary>
internal static class DockerHostReader
{
    private static readonly string[] TlsFiles = ["ca.pem", "cert.pem", "key.pem"];

    public static DockerHostSettings? Read(IConfigurationSection section, Action<SettingError> report)
    {
        var wrong = false;
        void Report(string member, string reason)
        {
            wrong = true;
            report(new($"{section.Path}:{member}", reason));
        }

        foreach (var member in section.GetChildren().Select(c => c.Key).Where(k => !IsKnown(k)))
        {
            Report(member, "not a setting of a Docker host; known are Name, Endpoint, TlsDirectory");
        }

        var name = section["Name"]?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            Report("Name", "missing; give the name under which the console shows this host");
        }
        else if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            Report("Name", $"'{name}' may hold letters, digits and . _ - only");
        }

        var tls = section["TlsDirectory"]?.Trim() is { Length: > 0 } directory ? directory : null;
        var endpoint = Endpoint(section["Endpoint"]?.Trim(), tls is not null, Report);
        if (tls is not null)
        {
            foreach (var file in TlsFiles.Where(f => !File.Exists(Path.Combine(tls, f))))
            {
                Report("TlsDirectory", $"'{Path.Combine(tls, file)}' does not exist; the folder holds ca.pem, cert.pem and key.pem");
            }
        }

        return wrong ? null : new DockerHostSettings(name!, endpoint!, tls);
    }

    private static bool IsKnown(string key) => key.ToUpperInvariant() is "NAME" or "ENDPOINT" or "TLSDIRECTORY";

    private static Uri? Endpoint(string? text, bool tls, Action<string, string> report)
    {
        const string Expected = "expected unix:///var/run/docker.sock, tcp://host:2375, or tcp://host:2376 with TlsDirectory";
        if (string.IsNullOrEmpty(text))
        {
            report("Endpoint", $"missing; {Expected}");
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            report("Endpoint", $"'{text}' is not an address; {Expected}");
        }
        else if (uri.UserInfo.Length > 0)
        {
            report("Endpoint", "must not hold a user or password");
        }
        else if (uri.Scheme == "unix")
        {
            // sockaddr_un holds 108 bytes, the last one zero.
            if (uri.Host.Length > 0 || uri.AbsolutePath.Length < 2)
            {
                report("Endpoint", $"'{text}' names no absolute path; write unix:///path");
            }
            else if (uri.AbsolutePath.Length > 107)
            {
                report("Endpoint", $"the socket's path has {uri.AbsolutePath.Length} bytes; the kernel takes 107");
            }
            else if (tls)
            {
                report("TlsDirectory", "a unix socket has no TLS");
            }
            else
            {
                return uri;
            }
        }
        else if (uri.Scheme is not ("tcp" or "http" or "https") || uri.Host.Length == 0)
        {
            report("Endpoint", $"'{text}' is not a Docker address; {Expected}");
        }
        else
        {
            return uri;
        }

        return null;
    }
}
