using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Diagnostics;

/// <summary>Reports of diagnoses in the console's database. Safe for concurrent use.</summary>
/// <remarks>Failures of the database are <see cref="ConsoleDatabaseException"/>.</remarks>
/// <param name="contexts">Makes contexts of a database that <see cref="ConsoleDatabase"/> has migrated.</param>
public sealed class DiagnosisReports(IDbContextFactory<ConsoleDbContext> contexts) : IDiagnosisReports
{
    /// <inheritdoc/>
    public Task KeepAsync(KeptReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        return contexts.WithAsync(async context =>
        {
            context.Diagnoses.Add(new DiagnosisRow
            {
                Id = report.Id,
                At = report.At,
                From = report.From,
                To = report.To,
                Traffic = report.Traffic,
                Outcome = report.Outcome,
                Headline = report.Headline,
                Document = report.Document,
            });
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return await context.Diagnoses.OrderByDescending(d =>
                d.At).Skip(IDiagnosisReports.Most).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<KeptReport?> FindAsync(Guid id, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        await context.Diagnoses.AsNoTracking().Where(d => d.Id == id)
            .Select(d => new KeptReport(d.Id, d.At, d.From, d.To, d.Traffic, d.Outcome, d.Headline, d.Document))
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<KeptReport>> NewestAsync(int most, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        ImmutableArray.CreateRange(await context.Diagnoses.AsNoTracking().OrderByDescending(d => d.At).Take(most)
            .Select(d => new KeptReport(d.Id, d.At, d.From, d.To, d.Traffic, d.Outcome, d.Headline, ""))
            .ToListAsync(cancellationToken).ConfigureAwait(false)), cancellationToken);
}
