using System.Net.Sockets;
using System.Text.Json;
using CalicoConsole.Core.Ports;
using Docker.DotNet;

namespace CalicoConsole.Adapters.Docker;

/// <summary>Turns what a call failed with into the port's exception.</summary>
internal static class DockerErrors
{
    /// <summary>The engine's refusal in its own words, or why there was none.</summary>
    public static DockerHostException Translate(string host, string address, string what, TimeSpan? ranOut, Exception failure)
    {
        if (Find<DockerApiException>(failure) is { } refused)
        {
            return new DockerHostException(host, (int)refused.StatusCode, Words(refused.ResponseBody, (int)refused.StatusCode), failure);
        }

        var cause = ranOut is { } limit
            ? FormattableString.Invariant($"no answer within {limit.TotalSeconds:0.###} s")
            : Cause(failure);
        return new DockerHostException(host, 0, $"Docker host {host} ({address}): could not {what}: {cause}", failure);
    }

    /// <summary>The member <c>message</c> of an error body; the body itself when it has none.</summary>
    public static string Words(string? body, int status)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return FormattableString.Invariant($"HTTP status {status} without a message");
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.Text("message") is { Length: > 0 } message)
            {
                return message.TrimEnd();
            }
        }
        catch (JsonException)
        {
            // Engines before API 1.24 and proxies answer in plain text: that is what they said.
            return body.Trim();
        }

        return body.Trim();
    }

    private static string Cause(Exception failure)
    {
        if (failure is OperationCanceledException)
        {
            return "no connection within the connect limit";
        }

        if (Find<InvalidDataException>(failure) is { } files)
        {
            return files.Message;
        }

        if (Find<SocketException>(failure) is { } socket)
        {
            return socket.Message;
        }

        // The innermost sentence is the concrete one: a certificate's fault, a connection that ended.
        var innermost = failure;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost.Message;
    }

    private static T? Find<T>(Exception? failure)
        where T : Exception => failure switch
        {
            null => null,
            T found => found,
            AggregateException several => several.InnerExceptions.Select(Find<T>).FirstOrDefault(e => e is not null),
            _ => Find<T>(failure.InnerException),
        };
}
