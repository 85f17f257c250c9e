using System.Collections.Immutable;

namespace CalicoConsole.Web.Hosting;

/// <summary>
/// Reads where etcd is: <c>Etcd:*</c> if it names endpoints, else <c>ETCD_*</c>, else the calicoctl configuration file.
/// The sources are not merged, as calicoctl 1.6.3 does not merge file and environment (libcalico-go lib/client/client.go).
/// </summary>
internal sealed class EtcdSettingsReader(IConfiguration configuration, Action<SettingError> report)
{
    private static readonly string[] Members = ["Endpoints", "Username", "Password", "CaCertFile", "CertFile", "KeyFile"];

    private static readonly string[] Variables =
        ["ETCD_ENDPOINTS", "ETCD_USERNAME", "ETCD_PASSWORD", "ETCD_CA_CERT_FILE", "ETCD_CERT_FILE", "ETCD_KEY_FILE"];

    public EtcdSettings? Read()
    {
        foreach (var unknown in configuration.GetSection("Etcd").GetChildren().Where(c => !Members.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
        {
            report(new(unknown.Path, $"not a setting; known are {string.Join(", ", Members.Select(m => $"Etcd:{m}"))}"));
        }

        var bySettings = Members.Select(m => new Found($"Etcd:{m}", Value($"Etcd:{m}"))).ToArray();
        if (bySettings[0].Value is not null)
        {
            return Check(bySettings);
        }

        if (Value("ETCD_ENDPOINTS") is not null)
        {
            return Check([.. Variables.Select(v => new Found(v, Value(v)))]);
        }

        if (Value("Cluster:CalicoctlConfig") is { } file)
        {
            return CalicoctlConfigFile.Read(file, report) is { } found ? Check(found) : null;
        }

        foreach (var left in bySettings.Where(f => f.Value is not null))
        {
            report(new(left.Setting, "given, but Etcd:Endpoints is not"));
        }

        return null;
    }

    private string? Value(string setting)
    {
        var section = configuration.GetSection(setting);
        var text = section.Value ?? string.Join(',', section.GetChildren().Select(c => c.Value));
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private EtcdSettings? Check(Found[] found)
    {
        var (endpoints, user, password, ca, cert, key) = (found[0], found[1], found[2], found[3], found[4], found[5]);
        var uris = ImmutableArray.CreateBuilder<Uri>();
        foreach (var text in endpoints.Value?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            {
                report(new(endpoints.Setting, $"'{text}' is not an address such as http://127.0.0.1:2379"));
            }
            else if (uri.UserInfo.Length > 0)
            {
                report(new(endpoints.Setting, $"an address must not hold a user or password; use {user.Setting} and {password.Setting}"));
            }
            else
            {
                uris.Add(uri);
            }
        }

        if (endpoints.Value is null)
        {
            report(new(endpoints.Setting, "missing"));
        }

        Pair(user, password);
        Pair(cert, key);
        foreach (var file in new[] { ca, cert, key }.Where(f => f.Value is not null && !File.Exists(f.Value)))
        {
            report(new(file.Setting, $"the file '{file.Value}' does not exist"));
        }

        return new EtcdSettings
        {
            Endpoints = uris.ToImmutable(),
            Username = user.Value,
            Password = password.Value is null ? null : new Secret(password.Value),
            CaCertFile = ca.Value,
            CertFile = cert.Value,
            KeyFile = key.Value,
        };
    }

    private void Pair(Found one, Found other)
    {
        if ((one.Value is null) != (other.Value is null))
        {
            var (given, missing) = one.Value is null ? (other, one) : (one, other);
            report(new(missing.Setting, $"missing, while {given.Setting} is given"));
        }
    }
}

/// <summary>A value with the name under which its user knows it.</summary>
internal readonly record struct Found(string Setting, string? Value);
