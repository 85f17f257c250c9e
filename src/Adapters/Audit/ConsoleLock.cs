using System.Globalization;
using System.Text;

namespace CalicoConsole.Adapters.Audit;

/// <summary>
/// One console for each database: the lock on the file <c>&lt;database&gt;.lock</c>. The kernel frees it when its holder ends, however it ends. Who
/// holds it stands in <c>&lt;database&gt;.holder</c>, since .NET cannot read a file that is locked. Readers and backups of the database are not concerned.
/// </summary>
internal sealed class ConsoleLock : IDisposable
{
    private const string HolderEnding = ".holder";

    private readonly FileStream _file;

    private ConsoleLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a database file.</summary>
    /// <exception cref="ConsoleDatabaseException">Another console holds it; the message says which.</exception>
    public static ConsoleLock Take(string database, TimeProvider time)
    {
        var path = database + ".lock";
        FileStream file;
        try
        {
            file = DatabaseFiles.OpenOwn(path, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new ConsoleDatabaseException(
                $"{ConsoleDatabase.Setting}: the database {database} is in use by another console: {Holder(database)}. "
                + "One console may run on a database. Stop that one, or name another file", false, e);
        }

        try
        {
            var me =
                $"process {Environment.ProcessId} on {Environment.MachineName}, started "
                + $"{time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}";
            using var holder = DatabaseFiles.OpenOwn(database + HolderEnding, FileShare.ReadWrite);
            holder.SetLength(0);
            holder.Write(Encoding.UTF8.GetBytes(me));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk has no room for a name; the lock itself holds, and what follows says that the disk is full.
        }

        return new ConsoleLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string database)
    {
        try
        {
            using var file = new FileStream(database + HolderEnding, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.UTF8);
            var buffer = new char[200];
            var holder = new string([.. buffer[..reader.ReadBlock(buffer, 0, buffer.Length)].Where(c => !char.IsControl(c))]);
            return holder.Length > 0 ? holder : "one that did not say which";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"one whose name cannot be read ({e.Message})";
        }
    }
}
