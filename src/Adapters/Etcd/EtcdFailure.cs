using System.Net.Sockets;
using System.Security.Authentication;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>Words for people about why an endpoint did not answer.</summary>
internal static class EtcdFailure
{
    /// <summary>Whether an exception of a request means that the endpoint failed, and not that the caller cancelled or that the code is wrong.</summary>
    public static bool IsOfEndpoint(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or AuthenticationException or OperationCanceledException;

    /// <summary>Whether nothing can have left for the server: the connection was never there.</summary>
    public static bool BeforeSending(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    /// <summary>One clause without the endpoint's name.</summary>
    public static string Describe(Exception exception, TimeSpan limit, Uri endpoint)
    {
        var innermost = exception;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"the name cannot be resolved ({innermost.Message})",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => DescribeTls(exception, innermost),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } when innermost is OperationCanceledException or TimeoutException =>
                "no connection within the time limit",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"no connection ({innermost.Message})",
            OperationCanceledException => FormattableString.Invariant($"no answer within {limit.TotalSeconds:0.###} s"),
            _ when innermost.GetType().Name.Contains("Ssl", StringComparison.Ordinal) || innermost is AuthenticationException =>
                DescribeTls(exception, innermost),
            _ when endpoint.Scheme == Uri.UriSchemeHttps =>
                $"the connection broke ({innermost.Message}); over TLS etcd also ends it so when it misses or does not accept a client certificate: check "
                    + "Etcd:ClientCertificateFile",
            // A TLS server answers plain HTTP with 400 and closes; the reset may overtake the answer.
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } =>
                $"the connection broke ({innermost.Message}); an endpoint that serves HTTPS ends it so when asked by http://",
            _ => $"the connection broke ({innermost.Message})",
        };
    }

    private static string DescribeTls(Exception exception, Exception innermost)
    {
        var text = innermost.Message;
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException && e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase))
            {
                return $"TLS: etcd's certificate is not accepted; check Etcd:CaCertificateFile ({e.Message})";
            }
        }

        return text.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            ? $"TLS: etcd wants a client certificate that it accepts; check Etcd:ClientCertificateFile ({text})"
            : $"TLS failed: the endpoint speaks plain http://, or it ended the handshake because of Etcd:ClientCertificateFile ({text})";
    }
}
