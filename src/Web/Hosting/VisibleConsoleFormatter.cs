using System.Globalization;
using CalicoConsole.Core.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CalicoConsole.Web.Hosting;

/// <summary>
/// Log lines as .NET's simple format has them, but for names that others stored: what would begin a line, steer the terminal or turn a line around stands as
/// <c>\u001b</c>, so that nobody forges a line or hides one.
/// </summary>
internal sealed class VisibleConsoleFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "visible";

    private const string Indent = "      ";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.State is IEnumerable<KeyValuePair<string, object?>> values)
        {
            // A value that holds a line's end is one value all the same.
            foreach (var value in values.Where(v => v.Key != "{OriginalFormat}").Select(v => v.Value?.ToString()).OfType<string>()
                .Where(v => v.Any(VisibleText.Steers)))
            {
                message = message.Replace(value, VisibleText.From(value), StringComparison.Ordinal);
            }
        }

        textWriter.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Word(logEntry.LogLevel)}: {VisibleText.From(logEntry.Category)}[{logEntry.EventId.Id}]"));
        Lines(textWriter, message);
        if (logEntry.Exception is { } exception)
        {
            Lines(textWriter, exception.ToString());
        }
    }

    private static void Lines(TextWriter writer, string text)
    {
        foreach (var line in text.Split('\n').Where(l => l.Length > 0))
        {
            writer.Write(Indent);
            writer.WriteLine(VisibleText.From(line.TrimEnd('\r')));
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        LogLevel.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "unknown level"),
    };
}
