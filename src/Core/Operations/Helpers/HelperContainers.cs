using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations.Helpers;

/// <summary>
/// Labels of the short-lived containers that the console starts to look or mend from within a network. By them those are found that a console or an engine
/// which died has left behind.
/// </summary>
/// <param name="console">Identity of this console, the same after a restart; asked for when it is needed, because the database knows it.</param>
/// <param name="run">Identity of this run of it.</param>
public sealed class HelperContainers(Func<string> console, string run)
{
    /// <summary>Label: what the helper is for.</summary>
    public const string PurposeLabel = "org.calico-console.helper";

    /// <summary>Label: whose it is.</summary>
    public const string ConsoleLabel = "org.calico-console.console";

    /// <summary>Label: of which run of that console.</summary>
    public const string RunLabel = "org.calico-console.run";

    /// <summary>The purpose of a helper that captures.</summary>
    public const string Capture = "capture";

    /// <summary>The purpose of a helper that sets a MAC.</summary>
    public const string SetMac = "set-mac";

    /// <summary>How old a helper is that surely nobody waits for any more, whosever it is: a capture takes a minute at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>The request with the labels of a helper.</summary>
    public DockerContainerRequest Mark(DockerContainerRequest request, string purpose)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request with
        {
            Labels = request.Labels.SetItem(PurposeLabel, purpose).SetItem(ConsoleLabel, console()).SetItem(RunLabel, run),
        };
    }

    /// <summary>Whether a container is a helper.</summary>
    public static bool IsHelper(DockerContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container.Labels.ContainsKey(PurposeLabel);
    }

    /// <summary>
    /// Whether a container is a helper that nobody waits for: of an earlier run of this console, or older than <see cref="Longest"/>. One of another console
    /// that is younger is let be.
    /// </summary>
    public bool IsOrphan(DockerContainer container, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(container);
        return IsHelper(container) && ((container.Labels.GetValueOrDefault(ConsoleLabel) == console() && container.Labels.GetValueOrDefault(RunLabel) != run)
            || now - container.Created > Longest);
    }
}

/// <summary>The helper's image, as it is configured.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Archive">Path of the archive that it is loaded from; null when there is none.</param>
public sealed record HelperImage(string Image, string? Archive)
{
    /// <summary>Its name unless another one is configured.</summary>
    public const string Usual = "calico-console/helper:1";

    /// <summary>Name of its archive beside the console, unless another one is configured.</summary>
    public const string UsualArchive = "helper.tar";
}
