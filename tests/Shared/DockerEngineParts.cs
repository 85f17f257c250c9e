using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;

namespace CalicoConsole.Tests;

/// <summary>The root filesystem of <c>busybox:latest</c>.</summary>
internal static class BusyboxImage
{
    /// <summary>As a tar stream, at its beginning.</summary>
    public static async Task<Stream> TarAsync(CancellationToken cancellationToken)
    {
        var busybox = new[] { "/usr/bin/busybox", "/bin/busybox" }.First(File.Exists);
        using var list = Process.Start(new ProcessStartInfo(busybox, ["--list"]) { RedirectStandardOutput = true })!;
        var programs = (await list.StandardOutput.ReadToEndAsync(cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await list.WaitForExitAsync(cancellationToken);

        var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var directory in new[] { "bin", "etc", "proc", "sys", "dev", "tmp", "root" })
            {
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, directory + "/") { Mode = (UnixFileMode)0b111_101_101 },
                    cancellationToken);
            }

            await using var binary = File.OpenRead(busybox);
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = binary },
                cancellationToken);
            foreach (var program in programs.Where(p => p != "busybox"))
            {
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + program) { LinkName = "busybox" }, cancellationToken);
            }
        }

        tar.Position = 0;
        return tar;
    }
}

/// <summary>
/// An OCI runtime in front of runc for machines whose capability bounding set lacks a capability: there a privileged
/// container cannot start, because runc may not give what the machine does not have.
/// </summary>
internal static class BoundedRuntime
{
    // Names by bit number, from capabilities(7).
    private static readonly string[] Names =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
        "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
        "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    /// <summary>Writes the wrapper and answers its path; null when nothing is missing.</summary>
    public static string? Write(string path)
    {
        var bounding = File.ReadLines("/proc/self/status").First(l => l.StartsWith("CapBnd:", StringComparison.Ordinal))[7..].Trim();
        var held = ulong.Parse(bounding, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var missing = Names.Where((_, bit) => (held & (1UL << bit)) == 0).ToArray();
        if (missing.Length == 0)
        {
            return null;
        }

        // The bundle's config.json (create, run) and the process file of an exec name the capabilities.
        var edits = string.Concat(missing.Select(n => $"-e 's/\"CAP_{n}\",//g' -e 's/,\"CAP_{n}\"//g' -e 's/\"CAP_{n}\"//g' "));
        File.WriteAllText(path, $$"""
            #!/bin/sh
            file= previous=
            for argument in "$@"; do
              case $previous in
                --bundle|-b) file=$argument/config.json ;;
                --process|-p) file=$argument ;;
              esac
              previous=$argument
            done
            [ -z "$file" ] || sed -i {{edits}}"$file"
            exec runc "$@"

            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }

        return path;
    }
}

/// <summary>The control groups that an engine leaves when it is killed.</summary>
internal static class ControlGroups
{
    /// <summary>Removes the group of this name, with its children, from every hierarchy.</summary>
    public static async Task RemoveAsync(string name)
    {
        if (!Directory.Exists("/sys/fs/cgroup"))
        {
            return;
        }

        foreach (var group in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(h => Path.Combine(h, name)))
        {
            // A group is busy until the kernel has reaped its last process.
            for (var attempt = 0; Directory.Exists(group); attempt++)
            {
                try
                {
                    foreach (var child in Directory.GetDirectories(group, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length).Append(group))
                    {
                        Directory.Delete(child);
                    }
                }
                catch (IOException) when (attempt < 100)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20));
                }
            }
        }
    }
}
