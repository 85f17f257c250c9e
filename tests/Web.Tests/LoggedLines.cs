using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Web.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LoggedLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The lines of the console's own classes, oldest first.</summary>
    public IReadOnlyCollection<string> Own => [.. _lines.Where(l => l.StartsWith("CalicoConsole.", StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

    public void Dispose() => _lines.Clear();

    private sealed class Lines(LoggedLines owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._lines.Enqueue($"{category} {logLevel}: {formatter(state, exception)}");
    }
}
