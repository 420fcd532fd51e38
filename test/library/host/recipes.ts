/** The host's own data, in memory, and the proof of which calls reached it. */
export class Recipes {
  /** What ran, in order: a denied call must not be among it. */
  readonly calls: string[] = [];

  private readonly kept: Recipe[] = [
    { title: "Bread", kitchen: "north", secretIngredient: "malt" },
    { title: "Soup", kitchen: "south", secretIngredient: "lovage" },
  ];

  all(by: string): readonly Recipe[] {
    this.calls.push(`all by ${by}`);
    return this.kept;
  }

  of(kitchen: string): readonly Recipe[] {
    this.calls.push(`of ${kitchen}`);
    return this.kept.filter((recipe) => recipe.kitchen === kitchen);
  }

  rename(title: string, to: string, by: string): Recipe {
    this.calls.push(`rename by ${by}`);
    const recipe = this.kept.find((candidate) => candidate.title === title);
    if (!recipe) throw new Error(`there is no ${title} in the table recipe`);
    return Object.assign(recipe, { title: to });
  }

  secretOf(recipe: Recipe): string {
    this.calls.push(`secret of ${recipe.title}`);
    return recipe.secretIngredient;
  }
}

export interface Recipe {
  title: string;
  kitchen: string;
  secretIngredient: string;
}
