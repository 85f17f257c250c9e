using System.Collections.Immutable;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using Microsoft.Data.Sqlite;

namespace CalicoConsole.Web.Hosting;

/// <summary>Reads and checks the whole configuration, collecting every error by the name of its setting.</summary>
public sealed class ConsoleSettingsReader
{
    private readonly IConfiguration _configuration;
    private readonly string _contentRoot;
    private readonly ImmutableArray<SettingError>.Builder _errors = ImmutableArray.CreateBuilder<SettingError>();

    private ConsoleSettingsReader(IConfiguration configuration, string contentRoot)
    {
        _configuration = configuration;
        _contentRoot = contentRoot;
    }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsException">Something is wrong.</exception>
    public static ConsoleSettings Read(IConfiguration configuration, string contentRoot) =>
        new ConsoleSettingsReader(configuration, contentRoot).Read();

    private ConsoleSettings Read()
    {
        var etcd = new EtcdSettingsReader(_configuration, _errors.Add).Read();
        var (connectionString, folder) = Database(etcd is null ? "sandbox.db" : "console.db");
        var loopbackOnly = ListenAddresses.AreLoopback(_configuration, _errors.Add);
        var token = ApiToken();
        var settings = new ConsoleSettings
        {
            ClusterName = Text("Cluster:Name") ?? "Calico",
            ClusterKind = Kind(etcd is null),
            Etcd = etcd,
            DockerHosts = DockerHosts(),
            Helper = Helper(),
            ConnectionString = connectionString,
            DataFolder = folder,
            ApiToken = token is { Length: >= ConsoleSettings.ShortestToken } ? new Secret(token) : null,
            ApiTokenTooShort = token is { Length: < ConsoleSettings.ShortestToken },
            AllowRemote = Flag("Auth:AllowRemote"),
            LoopbackOnly = loopbackOnly,
            KnownProxies = ProxySettingsReader.Proxies(_configuration, _errors.Add),
            PathBase = ProxySettingsReader.Path(_configuration, _errors.Add),
        };
        if (!loopbackOnly && !settings.AllowRemote)
        {
            _errors.Add(new("Auth:AllowRemote",
                "the console would listen on other addresses than loopback. "
                + "Set Auth:AllowRemote=true to allow that, or listen on http://127.0.0.1:5080 (ASPNETCORE_URLS)"));
        }

        return _errors.Count == 0 ? settings : throw new SettingsException(_errors.ToImmutable());
    }

    private string? Text(string setting) => _configuration[setting] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private bool Flag(string setting)
    {
        if (Text(setting) is not { } text || bool.TryParse(text, out var value))
        {
            return Text(setting) is not null && bool.Parse(Text(setting)!);
        }

        _errors.Add(new(setting, $"'{text}' is neither true nor false"));
        return false;
    }

    private string Kind(bool sandbox)
    {
        var kind = Text("Cluster:Kind") ?? (sandbox ? "sandbox" : "live");
        if (sandbox && kind is ("live" or "lab"))
        {
            _errors.Add(new("Cluster:Kind",
                $"'{kind}', but no datastore is configured: set Etcd:Endpoints or ETCD_ENDPOINTS, or leave this out for the sandbox"));
        }
        else if (kind is not ("live" or "lab") && !(sandbox && kind == "sandbox"))
        {
            _errors.Add(new("Cluster:Kind", $"'{kind}' is not one of live, lab"));
        }

        return kind;
    }

    private HelperImage Helper()
    {
        var image = Text("Helpers:Image") ?? HelperImage.Usual;
        if (DockerSyntax.Image(image) is { } refused)
        {
            _errors.Add(new("Helpers:Image", refused));
        }

        var archive = Path.GetFullPath(Text("Helpers:ImageArchive") ?? HelperImage.UsualArchive, _contentRoot);
        if (File.Exists(archive))
        {
            return new HelperImage(image, archive);
        }

        if (Text("Helpers:ImageArchive") is not null)
        {
            _errors.Add(new("Helpers:ImageArchive", $"there is no file {archive}"));
        }

        return new HelperImage(image, null);
    }

    private string? ApiToken()
    {
        var token = Text("Auth:ApiToken");
        var file = Text("Auth:ApiTokenFile");
        if (token is not null && file is not null)
        {
            _errors.Add(new("Auth:ApiTokenFile", "give either Auth:ApiToken or Auth:ApiTokenFile, not both"));
            return null;
        }

        var setting = file is null ? "Auth:ApiToken" : "Auth:ApiTokenFile";
        if (file is not null)
        {
            try
            {
                token = File.ReadAllText(file).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _errors.Add(new(setting, $"the file '{file}' cannot be read: {e.Message}"));
                return null;
            }

            if (token.Length == 0)
            {
                _errors.Add(new(setting, $"the file '{file}' is empty; it must hold the token"));
                return null;
            }
        }

        // RFC 6750 §2.1: what a Bearer header can carry.
        if (token is not null && !token.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c, StringComparison.Ordinal)))
        {
            _errors.Add(new(setting, "a token consists of letters, digits and - . _ ~ + / ="));
            return null;
        }

        return token;
    }

    private (string ConnectionString, string Folder) Database(string name)
    {
        const string Setting = "ConnectionStrings:Console";
        SqliteConnectionStringBuilder builder;
        try
        {
            builder = new SqliteConnectionStringBuilder(Text(Setting) ?? "");
        }
        catch (ArgumentException e)
        {
            _errors.Add(new(Setting, $"not a SQLite connection string: {e.Message}"));
            return ("", _contentRoot);
        }

        if (builder.Mode == SqliteOpenMode.Memory || builder.DataSource is ":memory:")
        {
            _errors.Add(new(Setting, "a database in memory would lose the audit; name a file as Data Source"));
            return ("", _contentRoot);
        }

        var file = Path.GetFullPath(builder.DataSource is { Length: > 0 } source ? source : Path.Combine("data", name), _contentRoot);
        builder.DataSource = file;
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            // Holds password hashes, the audit and the keys that sign cookies.
            if (!Directory.Exists(folder) && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _errors.Add(new(Setting, $"the folder '{folder}' cannot be made: {e.Message}"));
        }

        return (builder.ConnectionString, folder);
    }

    private ImmutableArray<DockerHostSettings> DockerHosts()
    {
        var hosts = ImmutableArray.CreateBuilder<DockerHostSettings>();
        foreach (var section in _configuration.GetSection("Docker:Hosts").GetChildren())
        {
            if (DockerHostReader.Read(section, _errors.Add) is not { } host)
            {
                continue;
            }

            if (hosts.Any(h => h.Name == host.Name))
            {
                _errors.Add(new($"{section.Path}:Name", $"'{host.Name}' is given to more than one host"));
            }

            hosts.Add(host);
        }

        return hosts.ToImmutable();
    }
}
