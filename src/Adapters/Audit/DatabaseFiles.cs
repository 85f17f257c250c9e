using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Audit;

/// <summary>
/// Keeps the database, what lies beside it and its folder for the console's user alone: they hold password hashes, the audit and the keys that sign cookies.
/// </summary>
internal static class DatabaseFiles
{
    /// <summary>Name of the folder of the keys that sign cookies, beside the database.</summary>
    public const string Keys = "keys";

    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode Others = (UnixFileMode)0b111_111;

    /// <summary>Opens a file for writing, making it for the owner alone.</summary>
    public static FileStream OpenOwn(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnFile;
        }

        return new FileStream(path, options);
    }

    /// <summary>
    /// Makes the database's file for the owner alone, before SQLite would make it for everybody, and takes from others what was there already.
    /// </summary>
    public static void Protect(string database, ILogger logger)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (!File.Exists(database))
        {
            OpenOwn(database, FileShare.ReadWrite).Dispose();
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(database))!;
        var name = Path.GetFileName(database);
        // SQLite gives its journals the mode of the database; older ones lie there as they were made.
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => IsOwn(Path.GetFileName(f), name)))
        {
            Set(file, OwnFile, logger);
        }

        var keys = Directory.CreateDirectory(Path.Combine(folder, Keys), OwnFolder).FullName;
        Set(keys, OwnFolder, logger);
        foreach (var key in Directory.EnumerateFiles(keys))
        {
            Set(key, OwnFile, logger);
        }

        ProtectFolder(folder, name, logger);
    }

    [UnsupportedOSPlatform("windows")]
    private static void ProtectFolder(string folder, string database, ILogger logger)
    {
        var mode = File.GetUnixFileMode(folder);
        if ((mode & Others) == 0)
        {
            return;
        }

        // A folder that serves others as well, such as /tmp or a home, is not the console's to close; its own files are closed in any case.
        var foreign = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)!)
            .FirstOrDefault(e => !IsOwn(e, database) && e is not (Keys or "lost+found")
                && !Path.GetFileNameWithoutExtension(e).Contains("backup", StringComparison.OrdinalIgnoreCase));
        if (mode.HasFlag(UnixFileMode.StickyBit) || foreign is not null)
        {
            logger.LogWarning(
                "Others may look into the folder {Folder} of the database (mode {Mode}), and it holds other things too ({Foreign}), so it was left. Give the "
                    + "console a folder of its own with mode 0700",
                folder, Convert.ToString((int)mode, 8), foreign ?? "a folder for everybody");
            return;
        }

        Set(folder, OwnFolder, logger);
    }

    private static bool IsOwn(string name, string database) =>
        name.StartsWith(database, StringComparison.Ordinal) || Path.GetExtension(name) is ".db" or ".db-wal" or ".db-shm" or ".db-journal";

    [UnsupportedOSPlatform("windows")]
    private static void Set(string path, UnixFileMode mode, ILogger logger)
    {
        try
        {
            if ((File.GetUnixFileMode(path) & Others) != 0)
            {
                File.SetUnixFileMode(path, mode);
                logger.LogInformation("{Path} is for its owner alone now", path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("Others may look into {Path}, and that cannot be changed: {Reason}. Make it the console's user's own (mode 0600, folders 0700)",
                path, e.Message);
        }
    }
}
