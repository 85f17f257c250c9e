using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.History;

/// <summary>How series stand in the database.</summary>
internal static class SeriesModel
{
    /// <summary>Adds the tables.</summary>
    public static void AddSeries(this ModelBuilder builder)
    {
        builder.Entity<SeriesRow>(row =>
        {
            row.ToTable("Series");
            row.HasKey(r => r.Id);
            row.HasIndex(r => new { r.Metric, r.Subject }).IsUnique();
        });
        builder.Entity<SeriesPointRow>(row =>
        {
            row.ToTable("SeriesPoints");
            row.HasKey(r => new { r.SeriesId, r.Span, r.Start });
            // What is open now, and what has been kept long enough, is found over all series.
            row.HasIndex(r => new { r.Span, r.Start });
            row.HasOne<SeriesRow>().WithMany().HasForeignKey(r => r.SeriesId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
