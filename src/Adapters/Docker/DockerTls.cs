using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Handler.Abstractions;

namespace CalicoConsole.Adapters.Docker;

/// <summary>TLS by the three files that the docker client uses (source: Docker, "Protect the Docker daemon socket").</summary>
internal static class DockerTls
{
    private const string Authority = "ca.pem";
    private const string Certificate = "cert.pem";
    private const string Key = "key.pem";

    /// <summary>What is missing in a directory, in sentences.</summary>
    public static IEnumerable<string> Missing(string directory) =>
        !Directory.Exists(directory)
            ? [$"the directory '{directory}' does not exist."]
            : new[] { Authority, Certificate, Key }
                .Where(file => !File.Exists(Path.Combine(directory, file)))
                .Select(file => $"'{directory}' has no {file}.");

    /// <summary>The client's side: own certificate, the server's checked by name against ca.pem only.</summary>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    public static SslClientAuthenticationOptions Load(string directory)
    {
        try
        {
            // The chain policy takes over the authorities and the context the certificate; both live as long as the host.
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Path.Combine(directory, Authority));
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(Path.Combine(directory, Certificate));
            var own = X509Certificate2.CreateFromPemFile(Path.Combine(directory, Certificate), Path.Combine(directory, Key));
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            return new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true),
            };
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"the TLS files in '{directory}' cannot be used: {failure.Message}", failure);
        }
    }
}

/// <summary>
/// Tells the client library that the address is meant as TLS (it would turn https into http otherwise); the connection itself is
/// prepared by <see cref="DockerTransport"/>.
/// </summary>
internal sealed class TlsByTransport : IAuthProvider
{
    public bool TlsEnabled => true;

    public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler) => handler;
}
