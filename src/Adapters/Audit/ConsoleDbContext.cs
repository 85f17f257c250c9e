using CalicoConsole.Adapters.History;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CalicoConsole.Adapters.Audit;

/// <summary>
/// The console's own database (SQLite): ASP.NET Core Identity, the audit log, and what the console keeps. Not thread-safe: one short-lived instance for each
/// piece of work.
/// </summary>
/// <param name="options">Made by <see cref="ConsoleDatabase.Configure"/>.</param>
public sealed class ConsoleDbContext(DbContextOptions<ConsoleDbContext> options) : IdentityDbContext<ConsoleUser, IdentityRole, string>(options)
{
    /// <summary>Intents, oldest first by id.</summary>
    public DbSet<AuditIntentRow> AuditIntents => Set<AuditIntentRow>();

    /// <summary>Outcomes.</summary>
    public DbSet<AuditOutcomeRow> AuditOutcomes => Set<AuditOutcomeRow>();

    /// <summary>What happened beside the operations: sign-ins and sign-outs.</summary>
    public DbSet<AuditEventRow> AuditEvents => Set<AuditEventRow>();

    /// <summary>What the console keeps: assertions, drafts, remembered attachments.</summary>
    public DbSet<KeptRow> Kept => Set<KeptRow>();

    /// <summary>Which keys which entry is about.</summary>
    public DbSet<AuditKeyRow> AuditKeys => Set<AuditKeyRow>();

    /// <summary>Sessions of people who are signed in.</summary>
    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    /// <summary>What people chose about how pages look.</summary>
    public DbSet<PreferenceRow> Preferences => Set<PreferenceRow>();

    /// <summary>Diagnoses that were made.</summary>
    public DbSet<DiagnosisRow> Diagnoses => Set<DiagnosisRow>();

    /// <summary>Captures that were made.</summary>
    public DbSet<CaptureRow> Captures => Set<CaptureRow>();

    /// <summary>What their points saw.</summary>
    public DbSet<CaptureFileRow> CaptureFiles => Set<CaptureFileRow>();

    /// <summary>What is true of this database once and for all.</summary>
    public DbSet<FactRow> Facts => Set<FactRow>();

    /// <summary>What is measured over time.</summary>
    public DbSet<SeriesRow> Series => Set<SeriesRow>();

    /// <summary>What was measured within spans of time.</summary>
    public DbSet<SeriesPointRow> SeriesPoints => Set<SeriesPointRow>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.AddSeries();
        // Ticks sort and compare as numbers, which SQLite's text times with offsets do not.
        var ticks = new ValueConverter<DateTimeOffset, long>(at => at.UtcTicks, value => new DateTimeOffset(value, TimeSpan.Zero));

        builder.Entity<AuditIntentRow>(row =>
        {
            row.ToTable("AuditIntents");
            row.HasKey(r => r.Id);
            row.Property(r => r.At).HasConversion(ticks);
            row.HasAlternateKey(r => r.OperationId);
            // Every SQLite index ends in the row's id, so each of these serves "newest first, before id" as well.
            row.HasIndex(r => r.ObjectName);
            row.HasIndex(r => r.ObjectKind);
            row.HasIndex(r => r.Actor);
            row.HasIndex(r => r.At);
            row.HasOne(r => r.Outcome).WithOne().HasForeignKey<AuditOutcomeRow>(r => r.OperationId)
                .HasPrincipalKey<AuditIntentRow>(r => r.OperationId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<AuditOutcomeRow>(row =>
        {
            row.ToTable("AuditOutcomes");
            row.HasKey(r => r.Id);
            row.Property(r => r.At).HasConversion(ticks);
        });
        builder.Entity<AuditEventRow>(row =>
        {
            row.ToTable("AuditEvents");
            row.HasKey(r => r.Id);
            row.Property(r => r.Id).ValueGeneratedNever();
            row.Property(r => r.At).HasConversion(ticks);
            row.HasIndex(r => r.OperationId).IsUnique();
        });
        builder.Entity<KeptRow>(row =>
        {
            row.ToTable("Kept");
            row.HasKey(r => r.Id);
            row.Property(r => r.Id).HasAnnotation("Sqlite:Autoincrement", true);
            row.HasIndex(r => r.Key).IsUnique();
        });
        builder.Entity<SessionRow>(row =>
        {
            row.ToTable("Sessions");
            row.HasKey(r => r.Id);
            row.Property(r => r.Created).HasConversion(ticks);
            row.Property(r => r.LastSeen).HasConversion(ticks);
            row.HasOne<ConsoleUser>().WithMany().HasForeignKey(r => r.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<PreferenceRow>(row =>
        {
            row.ToTable("Preferences");
            row.HasKey(r => new { r.Person, r.Name });
        });
        builder.Entity<DiagnosisRow>(row =>
        {
            row.ToTable("Diagnoses");
            row.HasKey(r => r.Id);
            row.Property(r => r.At).HasConversion(ticks);
            row.HasIndex(r => r.At);
        });
        builder.Entity<CaptureRow>(row =>
        {
            row.ToTable("Captures");
            row.HasKey(r => r.Id);
            row.Property(r => r.At).HasConversion(ticks);
            row.HasIndex(r => r.At);
        });
        builder.Entity<CaptureFileRow>(row =>
        {
            row.ToTable("CaptureFiles");
            row.HasKey(r => new { r.CaptureId, r.Point });
            row.HasOne<CaptureRow>().WithMany().HasForeignKey(r => r.CaptureId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<FactRow>(row =>
        {
            row.ToTable("Facts");
            row.HasKey(r => r.Name);
        });
        builder.Entity<AuditKeyRow>(row =>
        {
            row.ToTable("AuditKeys");
            row.HasKey(r => new { r.Key, r.IntentId });
        });
    }
}
