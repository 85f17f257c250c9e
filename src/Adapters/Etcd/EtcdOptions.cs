using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>How etcd is reached: configuration section <c>Etcd</c>. Immutable.</summary>
public sealed record EtcdOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Etcd";

    /// <summary>Client addresses such as <c>http://10.0.0.1:2379</c>; an entry may hold several, separated by commas (as <c>ETCD_ENDPOINTS</c> does).</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>User of etcd's v2 authentication; null or empty for none.</summary>
    public string? Username { get; init; }

    /// <summary>Its password. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary>PEM file of the authorities that may have signed etcd's certificate; the system's authorities when empty.</summary>
    public string? CaCertificateFile { get; init; }

    /// <summary>PEM file of the client certificate.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file of the client certificate's key.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>Limit for opening a connection to one endpoint.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Limit for one read or write at one endpoint.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit for one recursive listing at one endpoint.</summary>
    public TimeSpan ListLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one long-poll lasts before it is asked anew with a newer index.</summary>
    public TimeSpan PollLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often an open long-poll's server is asked, with quorum, whether it still follows the cluster.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Limit for the answer to that question.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The endpoints one by one. Only for options without errors.</summary>
    public ImmutableArray<Uri> EndpointUris => [.. EndpointTexts.Select(text => new Uri(text.TrimEnd('/') + "/", UriKind.Absolute))];

    private IEnumerable<string> EndpointTexts =>
        Endpoints.SelectMany(entry => entry.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Every error, each starting with the name of its setting; empty when the options can be used. Reads the certificate files.</summary>
    public ImmutableArray<string> Validate()
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        ValidateEndpoints(errors);
        if (string.IsNullOrEmpty(Username) != string.IsNullOrEmpty(Password))
        {
            errors.Add(string.IsNullOrEmpty(Username) ? "Etcd:Username: missing, but a password is set" : "Etcd:Password: missing, but a user name is set");
        }

        if (!string.IsNullOrEmpty(CaCertificateFile))
        {
            TryRead(errors, nameof(CaCertificateFile), CaCertificateFile, () =>
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(CaCertificateFile);
                return authorities.Count == 0 ? "holds no PEM certificate" : null;
            });
        }

        ValidateClientCertificate(errors);
        foreach (var (name, limit) in new[]
        {
            (nameof(ConnectLimit), ConnectLimit), (nameof(RequestLimit), RequestLimit), (nameof(ListLimit), ListLimit),
            (nameof(PollLimit), PollLimit), (nameof(ProbeInterval), ProbeInterval), (nameof(ProbeLimit), ProbeLimit),
        })
        {
            if (limit <= TimeSpan.Zero || limit > TimeSpan.FromHours(1))
            {
                errors.Add($"Etcd:{name}: {limit} is not between 0 and 1 hour");
            }
        }

        return errors.DrainToImmutable();
    }

    private void ValidateEndpoints(ImmutableArray<string>.Builder errors)
    {
        var texts = EndpointTexts.ToArray();
        if (texts.Length == 0)
        {
            errors.Add("Etcd:Endpoints: missing; give at least one address such as http://10.0.0.1:2379");
        }

        foreach (var text in texts)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            {
                errors.Add($"Etcd:Endpoints: '{text}' is not an address such as http://10.0.0.1:2379");
            }
            else if (uri.UserInfo.Length > 0)
            {
                errors.Add($"Etcd:Endpoints: the address of {uri.Host}:{uri.Port} holds credentials; use Etcd:Username and Etcd:Password");
            }
            else if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
            {
                errors.Add($"Etcd:Endpoints: '{text}' must be scheme, host and port only");
            }
        }
    }

    private void ValidateClientCertificate(ImmutableArray<string>.Builder errors)
    {
        var certificate = !string.IsNullOrEmpty(ClientCertificateFile);
        var key = !string.IsNullOrEmpty(ClientKeyFile);
        if (certificate && key)
        {
            TryRead(errors, nameof(ClientCertificateFile), ClientCertificateFile!, () =>
            {
                using var read = X509Certificate2.CreateFromPemFile(ClientCertificateFile!, ClientKeyFile);
                return null;
            });
        }
        else if (certificate)
        {
            errors.Add("Etcd:ClientKeyFile: missing, but a client certificate is set");
        }
        else if (key)
        {
            errors.Add("Etcd:ClientCertificateFile: missing, but a client key is set");
        }
    }

    private static void TryRead(ImmutableArray<string>.Builder errors, string setting, string file, Func<string?> read)
    {
        try
        {
            if (read() is { } problem)
            {
                errors.Add($"Etcd:{setting}: {file} {problem}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            errors.Add($"Etcd:{setting}: {file} cannot be used: {e.Message}");
        }
    }
}
