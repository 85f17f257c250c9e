using System.Globalization;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>
/// A container's state in words that stay true while time goes on: from when its run began and ended, not from what the engine said when it was asked. Pure.
/// </summary>
public static class ContainerWords
{
    /// <summary>As <c>docker ps</c> would say it now: <c>Up 3 min</c>, <c>Exited (137) 2 h ago</c>.</summary>
    public static string For(DockerContainer container, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(container);
        var (state, details) = (container.State, container.Details);
        return (state, details) switch
        {
            ("running", { Started: { } at }) => $"Up {Span(now - at)}{Health(container.Status)}",
            ("paused", { Started: { } at }) => $"Up {Span(now - at)} (paused)",
            ("exited" or "dead", { Finished: { } at }) =>
                string.Create(CultureInfo.InvariantCulture, $"{Capital(state)} ({details.ExitCode}) {Span(now - at)} ago"),
            ("restarting", { Finished: { } at }) => string.Create(CultureInfo.InvariantCulture, $"Restarting ({details.ExitCode}), ended {Span(now - at)} ago"),
            _ => Capital(state),
        };
    }

    /// <summary>How good its state is.</summary>
    public static ChipState Chip(DockerContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container.Unanswered ? ChipState.Attention : ChipStates.OfContainer(container.State);
    }

    private static string Span(TimeSpan span) => span switch
    {
        _ when span < TimeSpan.FromMinutes(1) => Words(Math.Max(0, span.TotalSeconds), "s"),
        _ when span < TimeSpan.FromHours(1) => Words(span.TotalMinutes, "min"),
        _ when span < TimeSpan.FromDays(2) => Words(span.TotalHours, "h"),
        _ => Words(span.TotalDays, "d"),
    };

    private static string Words(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count)} {unit}");

    private static string Capital(string word) => word.Length == 0 ? word : $"{char.ToUpperInvariant(word[0])}{word[1..]}";

    // Only the list tells the health, and it makes an event of each change of it.
    private static string Health(string status) =>
        status.IndexOf('(', StringComparison.Ordinal) is > 0 and var at && status[at..].Contains("health", StringComparison.Ordinal) ? $" {status[at..]}" : "";
}
