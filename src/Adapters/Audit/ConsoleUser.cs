using Microsoft.AspNetCore.Identity;

namespace CalicoConsole.Adapters.Audit;

/// <summary>A person who may sign in to the console (ASP.NET Core Identity).</summary>
public sealed class ConsoleUser : IdentityUser;
