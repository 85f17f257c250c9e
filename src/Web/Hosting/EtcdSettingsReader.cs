using System.Collections.Immutable;
using CalicoConsole.Adapters.Etcd;

namespace CalicoConsole.Web.Hosting;

/// <summary>
/// Reads where etcd is: <c>Etcd:*</c> if it names endpoints, else <c>ETCD_*</c>, else the calicoctl configuration file.
/// The sources are not merged, as calicoctl 1.6.3 does not merge file and environment (libcalico-go lib/client/client.go).
/// </summary>
internal sealed class EtcdSettingsReader(IConfiguration configuration, Action<SettingError> report)
{
    private static readonly string[] Members = ["Endpoints", "Username", "Password", "CaCertificateFile", "ClientCertificateFile", "ClientKeyFile"];

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

    /// <summary>The settings as the etcd adapter takes them.</summary>
    public static EtcdOptions Options(EtcdSettings etcd) => new()
    {
        Endpoints = etcd.Endpoints,
        Username = etcd.Username,
        Password = etcd.Password?.Reveal(),
        CaCertificateFile = etcd.CaCertFile,
        ClientCertificateFile = etcd.CertFile,
        ClientKeyFile = etcd.KeyFile,
    };

    private string? Value(string setting)
    {
        var section = configuration.GetSection(setting);
        var text = section.Value ?? string.Join(',', section.GetChildren().Select(c => c.Value));
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private EtcdSettings Check(Found[] found)
    {
        if (found[0].Value is null)
        {
            report(new(found[0].Setting, "missing"));
        }

        var settings = new EtcdSettings
        {
            Endpoints = found[0].Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToImmutableArray() ?? [],
            Username = found[1].Value,
            Password = found[2].Value is { } password ? new Secret(password) : null,
            CaCertFile = found[3].Value,
            CertFile = found[4].Value,
            KeyFile = found[5].Value,
        };

        // The adapter checks them, certificates too, by the names of the settings; the other sources have names of their own.
        foreach (var error in found[0].Value is null ? [] : Options(settings).Validate())
        {
            var colon = error.IndexOf(": ", StringComparison.Ordinal);
            var member = Array.IndexOf(Members, error["Etcd:".Length..colon]);
            report(new(member < 0 ? error[..colon] : found[member].Setting, error[(colon + 2)..]));
        }

        return settings;
    }
}

/// <summary>A value with the name under which its user knows it.</summary>
internal readonly record struct Found(string Setting, string? Value);
