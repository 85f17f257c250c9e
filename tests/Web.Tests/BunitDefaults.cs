using System.Runtime.CompilerServices;
using Bunit;

namespace CalicoConsole.Web.Tests;

/// <summary>Settings of bUnit for every test of this module.</summary>
internal static class BunitDefaults
{
    /// <summary>Its own bound of one second is too short for a machine that runs other modules at the same time.</summary>
    [ModuleInitializer]
    internal static void Set() => BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(30);
}
