namespace CalicoConsole.Core.Ports;

/// <summary>Diagnoses that were made, each kept with its evidence: the newest <see cref="Most"/> of them. Safe for concurrent use.</summary>
public interface IDiagnosisReports
{
    /// <summary>How many are kept; older ones go.</summary>
    const int Most = 500;

    /// <summary>Keeps a report.</summary>
    Task KeepAsync(KeptReport report, CancellationToken cancellationToken);

    /// <summary>A report; null when there is none of that id, or no longer.</summary>
    Task<KeptReport?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The newest ones, newest first, without their documents.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<KeptReport>> NewestAsync(int most, CancellationToken cancellationToken);
}

/// <summary>A diagnosis as it is kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it was made (UTC).</param>
/// <param name="From">The end that asked.</param>
/// <param name="To">The end that was asked.</param>
/// <param name="Traffic">What was sent, such as <c>ping</c>.</param>
/// <param name="Outcome">How it ended, by the API's word.</param>
/// <param name="Headline">The sentence that people read first.</param>
/// <param name="Document">The whole report as JSON; empty in lists.</param>
public sealed record KeptReport(Guid Id, DateTimeOffset At, string From, string To, string Traffic, string Outcome, string Headline, string Document);
