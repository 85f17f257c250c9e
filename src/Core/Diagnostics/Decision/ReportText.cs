using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Diagnostics.Decision;

/// <summary>A report as Markdown, to be sent to somebody. Pure.</summary>
public static class ReportText
{
    /// <summary>The whole report.</summary>
    public static string Markdown(DiagnosisReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        var traffic = report.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{report.Protocol} {port}") : report.Protocol;
        Line(text, $"# {report.From} to {report.To}, {traffic}");
        Line(text, "");
        Line(text, $"**{report.Headline}**{(report.Cause is null ? "" : $" {Word(report)}")}");
        Line(text, "");
        Line(text, string.Create(CultureInfo.InvariantCulture,
            $"{report.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, took {report.TookMilliseconds / 1000.0:0.0} s. Rules: {report.Computed}. Measured: "
                + $"{Or(report.Measured, "nothing")}."));
        if (report.Cause is { } cause)
        {
            Cause(text, cause);
        }

        if (report.NextStep.Length > 0)
        {
            Line(text, "");
            Line(text, report.NextStep);
        }

        Section(text, "Also possible", report.RunnersUp.Select(c => $"{c.Headline} ({c.Code}, {c.Proof.ToString().ToLowerInvariant()})"));
        Section(text, "Also seen", report.AlsoSeen.Select(c => $"{c.Headline} ({c.Code})"));
        Section(text, "Path", report.Path.Select(h =>
            $"{h.Name}{(h.Where.Length > 0 && h.Where != h.Name ? $" on {h.Where}" : "")}: {h.State.ToString().ToLowerInvariant()}"
            + $"{(h.Facts.IsEmpty ? "" : $"; {string.Join("; ", h.Facts)}")}"));
        Section(text, "Not checked", report.NotChecked);
        return text.ToString();
    }

    private static void Cause(StringBuilder text, ReportedCause cause)
    {
        Section(text, "Evidence", cause.Evidence.Select(e =>
            $"{e.What}: {e.Found}{(e.Expected.Length > 0 ? $" (expected: {e.Expected})" : "")}, read from {e.From}"));
        Section(text, "Against it", cause.Against);
        Line(text, "");
        Line(text, $"Fix now: {Or(cause.FixNow, "none known")}");
        if (cause.FixForGood.Length > 0)
        {
            Line(text, "");
            Line(text, $"For good: {cause.FixForGood}");
        }

        if (cause.Command.Length > 0)
        {
            Line(text, "");
            Line(text, $"    {cause.Command}");
        }
    }

    private static string Word(DiagnosisReport report) => $"({report.Cause!.Code}, {report.Certainty.ToString().ToLowerInvariant()})";

    private static string Or(string text, string other) => text.Length > 0 ? text : other;

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length == 0)
        {
            return;
        }

        Line(text, "");
        Line(text, $"## {title}");
        foreach (var line in all)
        {
            Line(text, $"- {line}");
        }
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
